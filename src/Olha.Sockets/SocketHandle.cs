using Microsoft.Win32.SafeHandles;

namespace Olha.Sockets;

/// <summary>A connected socket's descriptor. It is counted, so that no thread can write to a number that has been closed and given
/// to somebody else meanwhile.</summary>
sealed class SocketHandle : SafeHandleMinusOneIsInvalid
{
    public SocketHandle(int fd) : base(ownsHandle: true) => SetHandle(fd);

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
