// Code that breaks an arrow in every way that code can, so that a guard which stops seeing one of them turns red.
// The arrow: High may use Low, Low nothing.
#pragma warning disable IDE0060 // what is not used is the point

namespace Olha.House.Tests.Planted.High
{
    internal sealed class Thing
    {
        public static int Count => 1;
        public Low.Body? Allowed { get; init; }
    }

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class HighAttribute(Type thing) : Attribute
    {
        public Type Thing => thing;
    }
}

namespace Olha.House.Tests.Planted.Low
{
    internal sealed class Body
    {
        public static int Count() => High.Thing.Count;
    }

    internal sealed class Closure
    {
        public static Func<int> Count(int by) => () => High.Thing.Count + by;
    }

    internal sealed class LaterBody
    {
        public static async Task<int> CountAsync()
        {
            await Task.Yield();
            return High.Thing.Count;
        }
    }

    internal sealed class Signature
    {
        public static void Take(IReadOnlyList<High.Thing[]> things) { }
    }

    internal sealed class Argument
    {
        public static object Make() => Array.Empty<High.Thing>();
    }

    [High.High(typeof(High.Thing))]
    internal sealed class Tagged;
}
