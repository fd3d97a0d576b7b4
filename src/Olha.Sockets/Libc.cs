using System.Runtime.InteropServices;

namespace Olha.Sockets;

/// <summary>The system calls below a socket (Linux).</summary>
static unsafe partial class Libc
{
    public const int Interrupted = 4, WouldBlock = 11, Aborted = 103;
    public const int NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const int Add = 1;

    const int MsgNoSignal = 0x4000;
    const int SolSocket = 1, SoLinger = 13, IpProtoTcp = 6, TcpNoDelay = 1, TcpNotSentLowWater = 25;
    const int Sending = 1, Both = 2;

    /// <summary>Bytes read, 0 at the end, or the negative error.</summary>
    public static int Receive(SocketHandle socket, Span<byte> buffer)
    {
        fixed (byte* at = buffer)
        {
            nint got;
            do got = Receive(socket, at, (nuint)buffer.Length, 0);
            while (got < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return got < 0 ? -Marshal.GetLastPInvokeError() : (int)got;
        }
    }

    /// <summary>Bytes taken, or the negative error.</summary>
    public static int Send(SocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
        {
            nint sent;
            do sent = Send(socket, at, (nuint)bytes.Length, MsgNoSignal);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return sent < 0 ? -Marshal.GetLastPInvokeError() : (int)sent;
        }
    }

    /// <summary>As <see cref="Send(SocketHandle, ReadOnlySpan{byte})"/>, of bytes in two places.</summary>
    public static int Send(SocketHandle socket, ReadOnlySpan<byte> first, ReadOnlySpan<byte> then)
    {
        fixed (byte* one = first)
        fixed (byte* two = then)
        {
            var parts = stackalloc nint[] { (nint)one, first.Length, (nint)two, then.Length }; // struct iovec[2]
            var message = new Message { Parts = parts, PartCount = 2 };
            nint sent;
            do sent = SendMessage(socket, &message, MsgNoSignal);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            return sent < 0 ? -Marshal.GetLastPInvokeError() : (int)sent;
        }
    }

    // struct msghdr.
    [StructLayout(LayoutKind.Sequential)]
    struct Message
    {
        public nint Name;
        public nint NameLength;
        public nint* Parts;
        public nint PartCount;
        public nint Control;
        public nint ControlLength;
        public nint Flags;
    }

    /// <summary>The new socket and the other side's address, or the negative error.</summary>
    public static int Accept(SafeHandle listener, Span<byte> address, out int length)
    {
        fixed (byte* at = address)
        fixed (int* size = &length)
        {
            length = address.Length;
            var fd = Accept(listener, at, size, NonBlocking | CloseOnExec);
            return fd < 0 ? -Marshal.GetLastPInvokeError() : fd;
        }
    }

    /// <summary>How many descriptors the process may have open.</summary>
    public static long MostDescriptors()
    {
        const int openFiles = 7;
        var limit = stackalloc ulong[2]; // struct rlimit
        return GetLimit(openFiles, limit) == 0 ? (long)Math.Min(limit[0], int.MaxValue) : int.MaxValue;
    }

    /// <summary>The lowest number that a descriptor could have now, or the negative error when there is none left.</summary>
    public static int LowestFree(SafeHandle any)
    {
        var fd = Duplicate(any);
        if (fd < 0) return -Marshal.GetLastPInvokeError();
        _ = Close(fd);
        return fd;
    }

    public static void SetNoDelay(SocketHandle socket)
    {
        var on = 1;
        _ = SetOption(socket, IpProtoTcp, TcpNoDelay, &on, sizeof(int));
    }

    /// <summary>How many bytes the kernel takes that it cannot send yet. By itself it takes megabytes for a reader that has stopped;
    /// what is on its way to one that is far is not counted.</summary>
    public static void SetMostUnsent(SocketHandle socket, int bytes) =>
        _ = SetOption(socket, IpProtoTcp, TcpNotSentLowWater, &bytes, sizeof(int));

    /// <summary>Ends both ways at once; what the kernel still had to send is dropped with the close.</summary>
    public static void Cut(SocketHandle socket)
    {
        var linger = stackalloc int[] { 1, 0 };
        _ = SetOption(socket, SolSocket, SoLinger, linger, 2 * sizeof(int));
        _ = Shutdown(socket, Both);
    }

    public static void ShutDown(SocketHandle socket) => _ = Shutdown(socket, Both);

    public static void EndSending(SocketHandle socket) => _ = Shutdown(socket, Sending);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SocketHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SocketHandle socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SocketHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(SafeHandle listener, byte* address, int* length, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SocketHandle socket, int level, int name, void* value, int length);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(SocketHandle socket, int how);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int what, ulong* limit);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(SafeHandle handle);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(int poll, int operation, int fd, byte* interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitPoll(int poll, byte* ready, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* buffer, nuint length);
}
