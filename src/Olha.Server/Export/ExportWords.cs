using Olha.Protocol;

namespace Olha.Server.Export;

/// <summary>The words of exported pages in one language, as the web app has them.</summary>
internal sealed record ExportWords
{
    public required string Language { get; init; }
    public required string Rooms { get; init; }
    public required string DirectMessages { get; init; }
    public required string People { get; init; }
    public required string Messages { get; init; }
    public required string Member { get; init; }
    public required string Moderator { get; init; }
    public required string Closed { get; init; }
    public required string Archived { get; init; }
    public required string Deleted { get; init; }
    public required string Edited { get; init; }
    public required string Pinned { get; init; }
    public required string Nobody { get; init; }
    public required string Overview { get; init; }
    public required string Earlier { get; init; }
    public required string Later { get; init; }

    /// <summary>{0} is the server, {1} when.</summary>
    public required string AsItWas { get; init; }

    public required string Everything { get; init; }
    public required string OnlyPublic { get; init; }

    /// <summary>{0} is who did it, {1} to whom, {2} the text.</summary>
    public required IReadOnlyDictionary<SystemEvent, string> Lines { get; init; }

    public required string TopicCleared { get; init; }
    public required string SlowModeOff { get; init; }

    public static IReadOnlyList<string> Languages { get; } = ["en", "pt-BR", "es"];

    public static ExportWords In(string language) => language switch
    {
        "pt-BR" => s_portuguese,
        "es" => s_spanish,
        _ => s_english,
    };

    /// <summary>A system line as a sentence.</summary>
    public string Sentence(SystemLine line, string actor, string person) => line switch
    {
        { Event: SystemEvent.Topic, Text: null } => string.Format(null, TopicCleared, actor),
        { Event: SystemEvent.SlowMode, Text: null } => string.Format(null, SlowModeOff, actor),
        _ => string.Format(null, Lines.GetValueOrDefault(line.Event, "{0}"), actor, person, line.Text),
    };

    static readonly ExportWords s_english = new()
    {
        Language = "en", Rooms = "Rooms", DirectMessages = "Direct messages", People = "People", Messages = "Messages", Member = "Member", Moderator = "moderator",
        Closed = "closed", Archived = "archived", Deleted = "This message was deleted.", Edited = "(edited)", Pinned = "pinned", Nobody = "Deleted user",
        Overview = "Overview", Earlier = "Earlier", Later = "Later", AsItWas = "{0} as it was on {1} UTC. All times are in UTC.",
        Everything = "This export holds closed rooms and direct messages: keep it as carefully as the server.",
        OnlyPublic = "Only open rooms: closed rooms and direct messages were left out.",
        TopicCleared = "{0} cleared the topic", SlowModeOff = "{0} turned off slow mode",
        Lines = new Dictionary<SystemEvent, string>
        {
            [SystemEvent.Joined] = "{1} joined", [SystemEvent.Left] = "{1} left", [SystemEvent.Invited] = "{0} invited {1}",
            [SystemEvent.Removed] = "{0} removed {1}", [SystemEvent.Renamed] = "{0} renamed the room to “{2}”", [SystemEvent.Topic] = "{0} set the topic: {2}",
            [SystemEvent.Archived] = "{0} archived the room", [SystemEvent.Unarchived] = "{0} unarchived the room",
            [SystemEvent.SlowMode] = "{0} turned on slow mode: one message every {2} s",
            [SystemEvent.Locked] = "{0} locked the room: only moderators can write", [SystemEvent.Unlocked] = "{0} unlocked the room",
        },
    };

    static readonly ExportWords s_portuguese = new()
    {
        Language = "pt-BR", Rooms = "Salas", DirectMessages = "Mensagens diretas", People = "Pessoas", Messages = "Mensagens", Member = "Membro", Moderator = "moderação",
        Closed = "fechada", Archived = "arquivada", Deleted = "Esta mensagem foi apagada.", Edited = "(editada)", Pinned = "fixada", Nobody = "Usuário excluído",
        Overview = "Visão geral", Earlier = "Anteriores", Later = "Seguintes", AsItWas = "{0} como estava em {1} UTC. Todos os horários estão em UTC.",
        Everything = "Esta exportação contém salas fechadas e mensagens diretas: guarde-a com o mesmo cuidado que o servidor.",
        OnlyPublic = "Somente salas abertas: salas fechadas e mensagens diretas ficaram de fora.",
        TopicCleared = "{0} tirou o assunto", SlowModeOff = "{0} desativou o modo lento",
        Lines = new Dictionary<SystemEvent, string>
        {
            [SystemEvent.Joined] = "{1} entrou", [SystemEvent.Left] = "{1} saiu", [SystemEvent.Invited] = "{0} convidou {1}",
            [SystemEvent.Removed] = "{0} removeu {1}", [SystemEvent.Renamed] = "{0} mudou o nome da sala para “{2}”", [SystemEvent.Topic] = "{0} definiu o assunto: {2}",
            [SystemEvent.Archived] = "{0} arquivou a sala", [SystemEvent.Unarchived] = "{0} desarquivou a sala",
            [SystemEvent.SlowMode] = "{0} ativou o modo lento: uma mensagem a cada {2} s",
            [SystemEvent.Locked] = "{0} bloqueou a sala: só moderadores podem escrever", [SystemEvent.Unlocked] = "{0} desbloqueou a sala",
        },
    };

    static readonly ExportWords s_spanish = new()
    {
        Language = "es", Rooms = "Salas", DirectMessages = "Mensajes directos", People = "Personas", Messages = "Mensajes", Member = "Miembro", Moderator = "moderación",
        Closed = "cerrada", Archived = "archivada", Deleted = "Este mensaje fue borrado.", Edited = "(editado)", Pinned = "fijado", Nobody = "Usuario eliminado",
        Overview = "Resumen", Earlier = "Anteriores", Later = "Siguientes", AsItWas = "{0} tal como estaba el {1} UTC. Todas las horas están en UTC.",
        Everything = "Esta exportación contiene salas cerradas y mensajes directos: guárdala con el mismo cuidado que el servidor.",
        OnlyPublic = "Solo salas abiertas: las salas cerradas y los mensajes directos quedaron fuera.",
        TopicCleared = "{0} quitó el tema", SlowModeOff = "{0} desactivó el modo lento",
        Lines = new Dictionary<SystemEvent, string>
        {
            [SystemEvent.Joined] = "{1} entró", [SystemEvent.Left] = "{1} salió", [SystemEvent.Invited] = "{0} invitó a {1}",
            [SystemEvent.Removed] = "{0} quitó a {1}", [SystemEvent.Renamed] = "{0} cambió el nombre de la sala a «{2}»", [SystemEvent.Topic] = "{0} puso el tema: {2}",
            [SystemEvent.Archived] = "{0} archivó la sala", [SystemEvent.Unarchived] = "{0} desarchivó la sala",
            [SystemEvent.SlowMode] = "{0} activó el modo lento: un mensaje cada {2} s",
            [SystemEvent.Locked] = "{0} bloqueó la sala: solo los moderadores pueden escribir", [SystemEvent.Unlocked] = "{0} desbloqueó la sala",
        },
    };
}
