using System.Globalization;

namespace Olha.Proof;

/// <summary>How big a plan is.</summary>
/// <param name="Seconds">For so long steps begin.</param>
/// <param name="People">At least 1.</param>
/// <param name="Rooms">At least 1; the first is General.</param>
/// <param name="Devices">The first <paramref name="People"/> of them are sockets, one a person.</param>
/// <param name="Rate">Steps a second over all devices.</param>
/// <param name="Faults">Each happens once, at a time that the seed decides.</param>
/// <param name="Times">So many times as often as usual an act is done; null: all as usual.</param>
internal sealed record PlanOptions(
    double Seconds = 6, int People = 6, int Rooms = 4, int Devices = 12, int Rate = 600, IReadOnlyList<string>? Faults = null,
    IReadOnlyDictionary<Act, int>? Times = null);

/// <summary>Makes plans: nothing in them but what the seed says.</summary>
internal static class PlanMaker
{
    /// <summary>Steps begin after this many ms: first everybody comes into the rooms.</summary>
    const int Settling = 150;

    static readonly (Act, int)[] s_acts =
    [
        (Act.Post, 560), (Act.PostOnce, 60), (Act.Repeat, 45), (Act.Contradict, 15), (Act.Edit, 70), (Act.Delete, 30), (Act.React, 50),
        (Act.Unreact, 15), (Act.Pin, 8), (Act.Unpin, 5), (Act.Read, 70), (Act.Join, 12), (Act.Leave, 6), (Act.Invite, 10), (Act.Remove, 4),
        (Act.Topic, 6), (Act.Page, 15), (Act.Cut, 34), (Act.Forget, 5),
    ];

    // What can be said at the original's door is asked for once: it has no cid.
    static readonly (Act, int)[] s_originalActs = [(Act.PostOnce, 90), (Act.Cut, 10)];

    /// <summary>The user name of the person with this number.</summary>
    public static string NameOf(int person)
    {
        string[] names = ["ana", "bruno", "carla", "davi", "elisa", "fabio", "gina", "hugo"];
        return $"{names[person % names.Length]}{person}";
    }

    /// <summary>The same seed and options give the same plan, on every machine.</summary>
    public static Plan Make(ulong seed, PlanOptions options)
    {
        var chosen = new Seeded(seed);
        var devices = Enumerable.Range(0, options.Devices).Select(number => DeviceOf(number, options.People, chosen)).ToArray();
        var steps = new List<Step>();
        Gather(steps, devices, options, chosen);

        var length = (int)(options.Seconds * 1000);
        foreach (var fault in options.Faults ?? [])
            steps.Add(new Step(Settling + chosen.Below(Math.Max(1, length - Settling)), -1, Act.Fault, Text: fault));
        var bodies = new Bodies(chosen, options.People);
        for (var all = (int)(options.Rate * options.Seconds); steps.Count < all;)
            AddSome(steps, devices, options, chosen, bodies, Settling + chosen.Below(Math.Max(1, length - Settling)));
        return new Plan(seed, options.People, options.Rooms, devices, [.. steps.OrderBy(static step => step.At)]);
    }

    static DevicePlan DeviceOf(int number, int people, Seeded chosen) => new(
        number % people,
        number < people ? Door.Socket : chosen.Of([(Door.Socket, 50), (Door.Http, 30), (Door.Original, 20)]),
        number);

    // Most are in most rooms from the beginning: the rest come and go later.
    static void Gather(List<Step> steps, DevicePlan[] devices, PlanOptions options, Seeded chosen)
    {
        for (var room = 1; room < options.Rooms; room++)
            for (var person = 0; person < options.People; person++)
            {
                var maker = room % options.People;
                if (person == maker || !chosen.Chance(750)) continue;
                steps.Add(room % 2 == 0
                    ? new Step(chosen.Below(50), person, Act.Join, room)
                    : new Step(chosen.Below(50), maker, Act.Invite, room, person));
            }
    }

    static (Act, int)[] ActsOf(PlanOptions options) => options.Times is not { } times
        ? s_acts
        : Array.ConvertAll(s_acts, it => (it.Item1, it.Item2 * times.GetValueOrDefault(it.Item1, 1)));

    static void AddSome(List<Step> steps, DevicePlan[] devices, PlanOptions options, Seeded chosen, Bodies bodies, int at)
    {
        var device = chosen.Below(devices.Length);
        var original = devices[device].Door == Door.Original;
        var act = chosen.Of(original ? s_originalActs : ActsOf(options));
        var room = original || chosen.Chance(400) ? 0 : chosen.Below(options.Rooms);
        switch (act)
        {
            case Act.Post or Act.PostOnce:
                // Bursts: what stands on the way when a connection breaks.
                var burst = chosen.Chance(120) ? 2 + chosen.Below(14) : 1;
                for (var i = 0; i < burst; i++)
                    steps.Add(new Step(at, device, act, room, !original && chosen.Chance(150) ? 1 + chosen.Below(8) : 0, bodies.Next(device)));
                break;
            case Act.Contradict or Act.Edit:
                steps.Add(new Step(at, device, act, room, chosen.Below(6), bodies.Next(device)));
                break;
            case Act.React or Act.Unreact:
                steps.Add(new Step(at, device, act, room, chosen.Below(6), chosen.Of(["👍", "🎉", "❤️"])));
                break;
            case Act.Topic:
                steps.Add(new Step(at, device, act, room, 0, $"topic {steps.Count.ToString(CultureInfo.InvariantCulture)}"));
                break;
            case Act.Invite or Act.Remove:
                steps.Add(new Step(at, device, act, room, chosen.Below(options.People)));
                break;
            case Act.Cut or Act.Forget:
                // Some stay away until more has been said than is replayed.
                var away = chosen.Below(100) switch { < 70 => 0, < 90 => chosen.Below(300), _ => chosen.Below(3000) };
                steps.Add(new Step(at, device, act, 0, away));
                break;
            default:
                steps.Add(new Step(at, device, act, room, chosen.Below(20)));
                break;
        }
    }

    /// <summary>What is said: never the same twice.</summary>
    sealed class Bodies(Seeded chosen, int people)
    {
        static readonly string[] s_words = ["olá", "vento", "não", "peixe", "😀", "norte", "*ênfase*", "<b>", "fim", "mar"];
        int _count;

        public string Next(int device)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{device}.{++_count}");
            for (var words = chosen.Below(6); words > 0; words--) text += " " + chosen.Of(s_words);
            if (chosen.Chance(20)) text += " " + new string('x', 500 + chosen.Below(2500));
            var kind = chosen.Below(1000);
            return kind < 120 ? $"{text} @{NameOf(chosen.Below(people))}"
                : kind < 150 ? $"{text} @room"
                : kind < 180 ? $"{text} `@{NameOf(chosen.Below(people))}`" // code: means nobody
                : text;
        }
    }
}
