using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olha.Protocol;

/// <summary>JSON as it travels: camelCase, enums as words, <c>ç</c> as <c>ç</c>, nothing for null, times in UTC with milliseconds.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true, MaxDepth = 16,
    RespectNullableAnnotations = false)]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(ClientFrame))]
[JsonSerializable(typeof(ServerFrame))]
[JsonSerializable(typeof(SignUpBody))]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(ProfileBody))]
[JsonSerializable(typeof(SettingsBody))]
[JsonSerializable(typeof(ServerSettings))]
[JsonSerializable(typeof(SeenBy))]
[JsonSerializable(typeof(About))]
[JsonSerializable(typeof(NewRoomBody))]
[JsonSerializable(typeof(DirectRoomBody))]
[JsonSerializable(typeof(RoomPatchBody))]
[JsonSerializable(typeof(DraftBody))]
[JsonSerializable(typeof(EditBody))]
[JsonSerializable(typeof(LevelBody))]
[JsonSerializable(typeof(BegunBody))]
[JsonSerializable(typeof(ReadBody))]
[JsonSerializable(typeof(OriginalCredentials))]
[JsonSerializable(typeof(OriginalUser))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(FoundMessages))]
[JsonSerializable(typeof(PinnedMessages))]
[JsonSerializable(typeof(FormerBodies))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(StreamChanges))]
[JsonSerializable(typeof(RoomList))]
[JsonSerializable(typeof(OpenRoomList))]
[JsonSerializable(typeof(MemberList))]
[JsonSerializable(typeof(PeopleList))]
[JsonSerializable(typeof(OnlineList))]
[JsonSerializable(typeof(PersonPresence))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(PasswordBody))]
[JsonSerializable(typeof(NewTokenBody))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(NewLink))]
[JsonSerializable(typeof(LinkBody))]
[JsonSerializable(typeof(LinkInfo))]
[JsonSerializable(typeof(UseLinkBody))]
[JsonSerializable(typeof(DeleteAccountBody))]
[JsonSerializable(typeof(NewInvitationBody))]
[JsonSerializable(typeof(NewInvitation))]
[JsonSerializable(typeof(InvitationInfo))]
[JsonSerializable(typeof(InvitationList))]
[JsonSerializable(typeof(InvitationBody))]
[JsonSerializable(typeof(InvitationOffer))]
[JsonSerializable(typeof(AccountList))]
[JsonSerializable(typeof(AccountBody))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(GovernedRoomList))]
[JsonSerializable(typeof(AuditList))]
[JsonSerializable(typeof(Statistics))]
[JsonSerializable(typeof(Lately))]
[JsonSerializable(typeof(NodeList))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ReportBody))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(ReportList))]
[JsonSerializable(typeof(Room))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(ReadState))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(OwnData))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(SystemLine))]
[JsonSerializable(typeof(IReadOnlyList<Reaction>))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
public sealed partial class ProtocolJson : JsonSerializerContext
{
    /// <summary>The one context that both doors use.</summary>
    public static ProtocolJson Wire { get; } = new(WireOptions());

    /// <summary>Makes other options write and read as <see cref="Wire"/> does.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        Shape(options);
        options.TypeInfoResolverChain.Insert(0, Wire);
    }

    static JsonSerializerOptions WireOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Shape(options);
        return options;
    }

    static void Shape(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.AllowOutOfOrderMetadataProperties = true;
        options.MaxDepth = 16;
        options.Converters.Add(new WordConverter<Role>());
        options.Converters.Add(new WordConverter<RoomKind>());
        options.Converters.Add(new WordConverter<MessageKind>());
        options.Converters.Add(new WordConverter<SystemEvent>());
        options.Converters.Add(new WordConverter<RoomLevel>());
        options.Converters.Add(new WordConverter<PresenceState>());
        options.Converters.Add(new WordConverter<PersonState>());
        options.Converters.Add(new WordConverter<Registration>());
        options.Converters.Add(new WordConverter<Scope>());
        options.Converters.Add(new WordConverter<LinkKind>());
        options.Converters.Add(new WordConverter<AuditAction>());
        options.Converters.Add(new WordConverter<ReadyState>());
        options.Converters.Add(new WordConverter<BackplaneKind>());
        options.Converters.Add(new UtcTimeConverter());
    }
}

/// <summary>An enum as its camelCase word; never as a number.</summary>
sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;

/// <summary>RFC 3339 in UTC with milliseconds: <c>2026-01-31T12:34:56.789Z</c>.</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Length];
        Format(value, text);
        writer.WriteStringValue(text);
    }

    /// <summary>Bytes of a time.</summary>
    public const int Length = 24;

    /// <summary>By hand: every frame has a time in it, and a format string is read anew each time.</summary>
    public static void Format(DateTimeOffset value, Span<byte> text)
    {
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        var utc = value.UtcDateTime;
        Digits(utc.Year, text[..4]);
        Digits(utc.Month, text[5..7]);
        Digits(utc.Day, text[8..10]);
        Digits(utc.Hour, text[11..13]);
        Digits(utc.Minute, text[14..16]);
        Digits(utc.Second, text[17..19]);
        Digits(utc.Millisecond, text[20..23]);
    }

    static void Digits(int number, Span<byte> text)
    {
        for (var i = text.Length - 1; i >= 0; i--, number /= 10) text[i] = (byte)('0' + number % 10);
    }
}
