namespace Olha.Load;

/// <summary>A day of use: what so many connected people do in its busiest hour.</summary>
/// <param name="MessagesAnHour">What each says on average over their day.</param>
/// <param name="Peak">The busiest moment against that average, for everything that people do.</param>
/// <param name="TypingAMessage">Times that a message's author is told to be writing.</param>
/// <param name="MarksAMessage">Read marks that move for it: writes of one row, taken for as dear as a post.</param>
/// <param name="ReturnsAnHour">Times that each loses their connection and comes back.</param>
/// <param name="MovesAnHour">Times that each comes, goes, turns away or comes back to it.</param>
/// <param name="Rooms">Which part of all messages is said where so many are connected.</param>
internal sealed record Day(
    double MessagesAnHour, double Peak, double TypingAMessage, double MarksAMessage, double ReturnsAnHour, double MovesAnHour, IReadOnlyList<(double Share, int Members)> Rooms)
{
    /// <summary>In rooms with more connected, typing is told twice a second at most (Presence/TypingBoard).</summary>
    public const int Crowd = 50;

    /// <summary>An office: half of what is said is said to one person.</summary>
    public static Day Usual { get; } = new(6, 3, 2, 2, 1, 6, [(0.50, 2), (0.30, 8), (0.15, 40), (0.045, 200), (0.005, 1000)]);

    /// <summary>People who hear one message: the author hears it too.</summary>
    public double HearersAMessage => Rooms.Sum(static it => it.Share * it.Members);

    /// <summary>Of typing, in rooms in which it is told to each.</summary>
    public double HearersATyping => Rooms.Where(static it => it.Members <= Crowd).Sum(static it => it.Share * it.Members);

    /// <summary>The part of what is said in such rooms.</summary>
    public double SmallShare => Rooms.Where(static it => it.Members <= Crowd).Sum(static it => it.Share);

    /// <summary>Messages a second, of so many people.</summary>
    public double PostsASecond(double people) => people * MessagesAnHour * Peak / 3600;

    /// <summary>Times a second that somebody comes back, of so many people.</summary>
    public double ReturnsASecond(double people) => people * ReturnsAnHour * Peak / 3600;

    /// <summary>Changes a second of who is here, of so many people.</summary>
    public double MovesASecond(double people) => people * MovesAnHour * Peak / 3600;

    /// <summary>Nodes of so many at which somebody in the room is connected, averaged over what is said.</summary>
    public double NodesAMessage(double nodes) => Rooms.Sum(it => it.Share * nodes * (1 - Math.Pow(1 - 1 / nodes, it.Members)));
}
