/// An input with a prediction that was registered before the input was measured.
public struct Probe: Codable, Hashable, Sendable, Identifiable {
    /// Counts the probes of one inquiry from 1.
    public let id: Int
    public let hypothesis: Int
    /// Which trial of its arm the probe belongs to; a trial is a pair of probes.
    public let trial: Int
    public let arm: Arm
    public let role: ProbeRole
    /// The input in the domain's canonical notation.
    public let input: String
    public let prediction: Prediction
    /// Why this input, in a few words ("breaks: C4 was just flipped").
    public let note: String

    public init(
        id: Int, hypothesis: Int, trial: Int, arm: Arm, role: ProbeRole, input: String,
        prediction: Prediction, note: String
    ) {
        self.id = id
        self.hypothesis = hypothesis
        self.trial = trial
        self.arm = arm
        self.role = role
        self.input = input
        self.prediction = prediction
        self.note = note
    }
}

/// The two questions that a hypothesis must survive; each has its own e-process.
public enum Arm: String, Codable, Hashable, Sendable, CaseIterable {
    /// Inputs built for the hypothesis: does the feature fire where it should, and fall silent
    /// where the hypothesis is broken on purpose?
    case designed
    /// Inputs drawn because of what the feature does: does the hypothesis know them?
    case natural
}

/// What a probe is for.
public enum ProbeRole: String, Codable, Hashable, Sendable, CaseIterable {
    /// The hypothesis holds.
    case positive
    /// The hypothesis fails.
    case negative
    /// A minimal edit of an input on which the hypothesis holds that breaks it.
    case nearMiss = "near-miss"
    /// The hypothesis still holds though as much else as possible has changed.
    case paraphrase
    /// A rival holds and the hypothesis does not.
    case rival
    /// Drawn because the feature fires on it.
    case exemplar
    /// Drawn because the feature is silent on it.
    case background
}

public enum Prediction: String, Codable, Hashable, Sendable {
    case fires, silent
}

/// What came of measuring one probe. A failure is counted; it is never turned into a number.
public enum Outcome: Codable, Hashable, Sendable {
    case activation(Double)
    case failed(reason: String)

    /// Whether the feature fired, or nil when the measurement failed.
    public func observed(threshold: Double) -> Prediction? {
        switch self {
        case .activation(let value): value >= threshold ? .fires : .silent
        case .failed: nil
        }
    }
}
