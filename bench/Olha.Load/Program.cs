using System.Runtime.InteropServices;
using Olha.Load;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

try
{
    if (args.Length > 0 && ScalingChoices.Names.Contains(args[0])) return await ScalingCommand.RunAsync(args, stop.Token);
    if (!Choices.TryRead(args, out var choices, out var problem))
    {
        Console.Error.WriteLine($"bench: {problem}\n\n{Choices.Usage}\n{ScalingChoices.Usage}");
        return 2;
    }
    if (choices.Seed is not { } seed) return await new Bench(choices).RunAsync(stop.Token) ? 0 : 1;

    await Seeding.PrepareAsync(seed, stop.Token);
    Console.WriteLine($"{seed.Database} is ready; connection i signs in with line i of {seed.Headers}.");
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("bench: stopped; so is all that it had started.");
    return 130;
}
catch (BenchException cause)
{
    Console.Error.WriteLine($"bench: {cause.Message}");
    return 1;
}

// What was started is stopped on the way out.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
