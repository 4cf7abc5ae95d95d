/// What a Python tool may use up in one batch.
public struct SandboxLimits: Hashable, Sendable {
    /// Address space, in bytes.
    public var memory = 512 << 20
    /// Processor time, in whole seconds.
    public var processorSeconds = 20
    /// Time on the clock, start-up included.
    public var seconds = 40.0
    /// All of its answers, in bytes; an answer has at most 24, a reason for having none about 300.
    public var answerBytes = 64 << 20
    /// All that it prints, in bytes.
    public var printedBytes = 1 << 20
    public var openFiles = 64

    public init() {}
}
