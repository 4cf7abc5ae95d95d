/// What came of a question to a judge.
public enum Judgement<Value: Sendable>: Sendable {
    case given(Value)
    /// A reply that is missing or cannot be read. It is counted, never made up.
    case failed(reason: String)
    /// The judge does not understand this explanation, and says so.
    case abstained(reason: String)

    public var value: Value? {
        guard case .given(let value) = self else { return nil }
        return value
    }
}

/// A text with some of its pieces marked.
public struct MarkedText: Hashable, Sendable {
    public let pieces: [String]
    public let marked: Set<Int>

    public init(pieces: [String], marked: Set<Int>) {
        self.pieces = pieces
        self.marked = marked
    }
}

/// Texts that somebody wrote from an explanation alone.
public struct WrittenTexts: Hashable, Sendable {
    /// On which the feature should fire.
    public let firing: [String]
    /// As like them as can be, on which it should be silent.
    public let silent: [String]

    public init(firing: [String], silent: [String]) {
        self.firing = firing
        self.silent = silent
    }
}

/// Predicts from an explanation what a feature does. It never sees an activation.
///
/// The contract: one judgement for each text, in the same order. A reply that is of no use is
/// ``Judgement/failed(reason:)``; a judge that is lost (no connection, a budget that is spent) throws.
public protocol ExplanationJudge: Sendable {
    var name: String { get }

    /// Whether the explanation applies anywhere in each text.
    func applies(
        _ explanation: CandidateExplanation, to texts: [String]
    ) async throws -> [Judgement<Bool>]

    /// Whether the explanation applies to the marked pieces of each text.
    func fits(
        _ explanation: CandidateExplanation, marks texts: [MarkedText]
    ) async throws -> [Judgement<Bool>]

    /// An activation from 0 to 10 for each piece of a text.
    func predict(
        _ explanation: CandidateExplanation, on pieces: [String]
    ) async throws -> Judgement<[Int]>

    /// Writes `count` texts on which the feature should fire and `count` on which it should not.
    func write(
        from words: String, source: String, count: Int
    ) async throws -> Judgement<WrittenTexts>
}
