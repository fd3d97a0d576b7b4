namespace Olha.Proof.Tests.Conformance;

/// <summary>A case of the Autobahn test suite, by its number, as it is at our doors: they do not echo, so what is said comes back as the
/// message that it became.</summary>
/// <param name="Number">The suite's number.</param>
/// <param name="Here">What is expected here, in a line.</param>
/// <param name="Run">Carries it out; each on a connection of its own.</param>
internal sealed record Case(string Number, string Here, Func<Talk, Task> Run)
{
    /// <summary>All of sections 1 to 7 and 10, in the suite's order. Sections 9 (performance), 12 and 13 (compression, which is not
    /// spoken here) are left out.</summary>
    public static IReadOnlyDictionary<string, Case> All { get; } =
        new[] { PayloadCases.All, ReservedCases.All, FragmentCases.All, Utf8Cases.All, CloseCases.All }
            .SelectMany(static it => it).ToDictionary(static it => it.Number);
}
