using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Nobody ever gets an answer that is no answer: a failure of the server's own, or what is no protocol.</summary>
internal static class NothingBroken
{
    public static IEnumerable<Violation> Check(Evidence seen)
    {
        foreach (var entry in seen.Run.Entries)
        {
            switch (entry)
            {
                case Answered { Outcome: Outcome.Broken } answered:
                    yield return new Violation(
                        0, $"device {answered.Device} got an answer that nobody should get to operation {answered.Op}: {answered.Code}",
                        Device: answered.Device, At: answered.At);
                    break;
                case Answered { Outcome: Outcome.Refused, Code: "broken" } answered:
                    yield return new Violation(
                        0, $"operation {answered.Op} of device {answered.Device} broke the server: its answer was 500",
                        Device: answered.Device, At: answered.At);
                    break;
                case Heard { Frame: not (ServerFrame or Change or OriginalFrame) } heard:
                    yield return new Violation(
                        0, $"device {heard.Device} heard what is no frame: {heard.Frame}", Device: heard.Device, At: heard.At);
                    break;
            }
        }
    }
}
