using Xunit.Sdk;

namespace Olha.Proof.Tests.Conformance;

/// <summary>The cases of the Autobahn test suite, sections 1 to 7 and 10, by number, at both doors of the program as it is shipped.</summary>
public sealed class WebSocketCaseTests(CaseResults results) : IClassFixture<CaseResults>
{
    public static TheoryData<string, string> Numbers
    {
        get
        {
            var numbers = new TheoryData<string, string>();
            foreach (var door in (Door[])[Door.Socket, Door.Original])
                foreach (var number in Case.All.Keys) numbers.Add(number, door.ToString());
            return numbers;
        }
    }

    [Theory, MemberData(nameof(Numbers))]
    public Task Case_holds(string number, string door) => results.OfAsync(number, Enum.Parse<Door>(door));

    [Fact]
    public void None_is_missing() => Assert.Equal(
        ["10: 1", "1: 16", "2: 11", "3: 7", "4: 10", "5: 20", "6: 145", "7: 37"],
        Case.All.Keys.GroupBy(static it => it.Split('.')[0]).Select(static it => $"{it.Key}: {it.Count()}").Order(StringComparer.Ordinal));
}

/// <summary>Runs the cases on one server, many at a time: each waits most of its time.</summary>
public sealed class CaseResults : IAsyncLifetime
{
    const int AtOnce = 16;

    readonly ConformanceServer _server = new();
    readonly SemaphoreSlim _turns = new(AtOnce);
    readonly Dictionary<(string, Door), Task> _running = [];

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        foreach (var door in (Door[])[Door.Socket, Door.Original])
            foreach (var one in Case.All.Values) _running.Add((one.Number, door), Task.Run(() => RunAsync(one, door)));
    }

    internal Task OfAsync(string number, Door door) => _running[(number, door)];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running.Values).ContinueWith(static _ => { }, TaskScheduler.Default);
        await _server.DisposeAsync();
        _turns.Dispose();
    }

    async Task RunAsync(Case one, Door door)
    {
        await _turns.WaitAsync();
        try
        {
            await using var talk = await Talk.OpenAsync(_server, door, $"{(door == Door.Socket ? 'v' : 'o')}{one.Number.Replace('.', '_')}");
            await one.Run(talk);
        }
        catch (Exception cause) when (cause is not XunitException)
        {
            throw new InvalidOperationException($"{one.Number}, which is here: {one.Here}", cause);
        }
        finally
        {
            _turns.Release();
        }
    }
}
