namespace Olha.Sockets;

/// <summary>Lets connections in as fast as their first requests are answered. When ten thousand come at once, the framework's objects
/// for all of them would be alive together, and the collector would go through them again and again; who waits here is a number.</summary>
/// <remarks>Nobody can hold the door: those who have not been answered after a short while are counted no more.</remarks>
sealed class Entrance
{
    const int MostAtOnce = 128;
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(20);

    Crowd _crowd = new();

    /// <summary>Those who were let in together.</summary>
    public sealed class Crowd
    {
        int _unanswered;
        TaskCompletionSource? _room;

        /// <summary>One of them was answered, or has gone.</summary>
        public void Leave()
        {
            // Woken for each, the accepting task would be woken ten thousand times.
            if (Interlocked.Decrement(ref _unanswered) == MostAtOnce / 2) Volatile.Read(ref _room)?.TrySetResult();
        }

        internal bool TryEnter()
        {
            if (Volatile.Read(ref _unanswered) >= MostAtOnce) return false;
            Interlocked.Increment(ref _unanswered);
            return true;
        }

        internal async ValueTask<bool> HasRoomAsync()
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _room, room);
            if (Volatile.Read(ref _unanswered) <= MostAtOnce / 2) return true;
            using var patience = new CancellationTokenSource(s_patience);
            using var over = patience.Token.UnsafeRegister(static it => ((TaskCompletionSource)it!).TrySetCanceled(), room);
            await room.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return room.Task.IsCompletedSuccessfully;
        }
    }

    /// <summary>Waits until somebody may come in; one caller at a time.</summary>
    /// <returns>The crowd that they are to leave once.</returns>
    public async ValueTask<Crowd> EnterAsync()
    {
        while (!_crowd.TryEnter())
            if (!await _crowd.HasRoomAsync()) _crowd = new Crowd();
        return _crowd;
    }
}
