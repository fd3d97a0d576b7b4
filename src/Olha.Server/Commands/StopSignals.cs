using System.Runtime.InteropServices;

namespace Olha.Server.Commands;

/// <summary>Ctrl+C and SIGTERM ask a command to stop; asked a second time the process ends at once.</summary>
internal sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly PosixSignalRegistration[] _signals;

    public StopSignals() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask)];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    void Ask(PosixSignalContext signal)
    {
        signal.Cancel = !_stop.IsCancellationRequested;
        // Whoever waits for it must not run on the signal's thread.
        ThreadPool.UnsafeQueueUserWorkItem(static stop => stop.Cancel(), _stop, preferLocal: false);
    }
}
