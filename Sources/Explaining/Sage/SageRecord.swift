import LanguageModels
import Texts

/// What a model says of a hypothesis in a SAGE inquiry. No code checks it.
public enum SageStatus: String, Codable, Hashable, Sendable, CaseIterable {
    /// Not judged yet.
    case pending = "PENDING"
    case confirmed = "CONFIRMED"
    case refuted = "REFUTED"
    /// Weak or mixed: the text was replaced.
    case refined = "REFINED"
    case unchanged = "UNCHANGED"

    /// Whether no more tests are designed.
    var isFinal: Bool { self == .confirmed || self == .refuted }
}

/// A hypothesis in the model's words.
public struct SageHypothesis: Codable, Hashable, Sendable {
    /// From 1.
    public let number: Int
    public internal(set) var text: String
    public internal(set) var status = SageStatus.pending

    init(number: Int, text: String) {
        self.number = number
        self.text = text
    }

    /// A negative control: it says where the feature is silent.
    public var isControl: Bool { text.uppercased().hasPrefix(Self.controlWord) }

    static let controlWord = "CONTROL"
}

/// A text that was measured.
public struct SageTest: Codable, Hashable, Sendable {
    /// The number of the hypothesis that it is for.
    public let hypothesis: Int
    public let text: String
    /// The model's prediction in its words. Kept, and compared with nothing.
    public let expected: String
    /// The greatest activation; nil where the text could not be measured.
    public let activation: Float?
    /// Asked for by the reviewer.
    public let isSupplemental: Bool
}

/// The model's last word on a feature.
public struct SageConclusion: Codable, Hashable, Sendable {
    public let description: String
    public let evidence: String
    public let labels: [String]
}

/// What a SAGE inquiry came to.
public struct SageRecord: Codable, Hashable, Sendable {
    public let exemplars: Int
    /// What the explainer said first, before any test.
    public internal(set) var firstHypotheses: [SageHypothesis] = []
    /// As they stand in the end.
    public internal(set) var hypotheses: [SageHypothesis] = []
    public internal(set) var tests: [SageTest] = []
    public internal(set) var rounds = 0
    public internal(set) var reviews = 0
    /// Replies in none of the forms that were asked for.
    public internal(set) var unreadableReplies = 0
    public internal(set) var conclusion: SageConclusion?
    /// What its calls used up.
    public internal(set) var usage = Spending()

    init(exemplars: Int) { self.exemplars = exemplars }

    /// Whether the model called any hypothesis confirmed, a negative control or not.
    public var confirmsAny: Bool { hypotheses.contains { $0.status == .confirmed } }

    /// Whether it called one confirmed that says where the feature fires.
    public var confirmsFiring: Bool {
        hypotheses.contains { $0.status == .confirmed && !$0.isControl }
    }

    /// The rule in the conclusion's description, or else in its first label that has one.
    public var explanation: TextRule? {
        guard let conclusion else { return nil }
        return ([conclusion.description] + conclusion.labels).lazy
            .compactMap(SageReply.formula(in:)).first
    }

    /// The rule in what the explainer said first.
    public var oneShot: TextRule? {
        firstHypotheses.first { !$0.isControl }.flatMap { SageReply.formula(in: $0.text) }
    }
}
