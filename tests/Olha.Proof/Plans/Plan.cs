namespace Olha.Proof;

/// <summary>Everything that a run does, made from its seed; as JSON it can be kept and run again. Only the timing differs between two
/// runs of one plan.</summary>
/// <param name="Seed">What it was made from; also the seed of every choice that is made while it runs.</param>
/// <param name="People">How many people there are; they are numbered from 0 and sign up in this order, so 0 owns the server.</param>
/// <param name="Rooms">How many rooms there are. 0 is General; person <c>n % People</c> makes room n before the first step. Odd ones are closed.</param>
/// <param name="Devices">Who talks through which door; numbered from 0.</param>
/// <param name="Steps">Ascending by <see cref="Step.At"/>. A device's steps run one after the other, different devices' at the same time.</param>
internal sealed record Plan(
    ulong Seed, int People, int Rooms, IReadOnlyList<DevicePlan> Devices, IReadOnlyList<Step> Steps);

/// <summary>A device that takes part.</summary>
/// <param name="Person">Whose it is.</param>
/// <param name="Door">How it talks to the server.</param>
/// <param name="Node">Which of the nodes it comes to first; after a broken connection it takes the next one.</param>
internal sealed record DevicePlan(int Person, Door Door, int Node = 0);

/// <summary>The ways into the server.</summary>
internal enum Door
{
    /// <summary>The v1 socket, whose device keeps state and resumes.</summary>
    Socket,
    /// <summary>Requests only.</summary>
    Http,
    /// <summary>The original's socket, which speaks in General.</summary>
    Original,
}

/// <summary>One thing that a device does, or that happens to it or to the world.</summary>
/// <param name="At">Not before this many ms after the start.</param>
/// <param name="Device">Who; -1: nobody, a fault.</param>
/// <param name="Act">What.</param>
/// <param name="Room">In which room, by its number.</param>
/// <param name="Target">Which message (counted from the newest text that the device knows of in the room, 0) or which person, by what the act needs.</param>
/// <param name="Text">What is said; for a fault, which one.</param>
internal sealed record Step(int At, int Device, Act Act, int Room = 0, int Target = 0, string? Text = null);

internal enum Act
{
    /// <summary>Says something new; is asked again with the same cid after every broken connection until it is answered. A Target above 0
    /// answers the message that is one less back.</summary>
    Post,
    /// <summary>Says something new and, when the answer is lost, never asks again: the outcome stays unknown.</summary>
    PostOnce,
    /// <summary>Asks for a post again that was acknowledged already.</summary>
    Repeat,
    /// <summary>Uses an acknowledged post's cid for other words.</summary>
    Contradict,
    Edit,
    Delete,
    React,
    Unreact,
    Pin,
    Unpin,
    /// <summary>Moves the read mark to a message.</summary>
    Read,
    Join,
    Leave,
    /// <summary>Target is a person.</summary>
    Invite,
    /// <summary>Target is a person.</summary>
    Remove,
    /// <summary>Writes another topic: a change of the room itself.</summary>
    Topic,
    /// <summary>Reads a page of history and compares it with what was acknowledged.</summary>
    Page,
    /// <summary>Cuts its own connection in the middle of whatever is going on, and comes back with what it holds, after Target ms at the
    /// earliest.</summary>
    Cut,
    /// <summary>Cuts its connection and comes back holding nothing.</summary>
    Forget,
    /// <summary>A fault of the world: <see cref="Step.Text"/> names it.</summary>
    Fault,
}
