/// What decides how explanations are judged; the same settings on the same texts give the same
/// questions.
public struct EvaluationSettings: Codable, Hashable, Sendable {
    public var seed: UInt64 = 1
    /// Firing texts that are shown.
    public var firing = 10
    /// Hard silent texts, and as many random ones.
    public var silent = 10
    /// Texts whose every piece is predicted: so many firing ones, and half as many silent ones.
    public var predicted = 8
    /// Pieces of a text that are shown.
    public var window = 48
    /// Pieces before the first firing one that make a text of their own.
    public var shortestPrefix = 8
    /// Texts in one question.
    public var batch = 5
    /// Texts that are written from a label, and from a description.
    public var written = 10
    /// Share of the reference that counts as firing.
    public var fraction = 0.5
    /// Whether half of the texts, by the hash of their content, is kept for the rule inducer alone.
    public var halves = true
    /// Whether another feature's exemplars may stand in for random silent texts that are missing.
    public var borrows = true
    /// Whether each score is shown beside that of another feature's explanation and of the inducer's.
    public var controls = true
    public var replicates = 2_000
    /// Questions that wait for an answer at the same time.
    public var concurrency = 8

    public init() {}
}
