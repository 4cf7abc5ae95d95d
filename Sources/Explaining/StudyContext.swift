import Games
import Inquiry

/// Settings that decide what the rule inducer proposes and how scores are estimated; part of the
/// manifest through the engine's version.
struct StudySettings: Sendable {
    var inducer = RuleInducer.Settings()
    var weights = EvidenceWeights()
    var bootstrapReplicates = 1_000
    /// Whether explanations are compared with the catalogue's properties.
    var matchesProperties = true
}

/// What all inquiries of one run share. Nothing in it changes.
struct StudyContext: Sendable {
    let rules: Othello
    let seed: UInt64
    let plan: InquiryPlan
    let settings: StudySettings
    let catalogue: [BoardProperty]
    let propose: Split<Propose>
    let tune: Split<Tune>
    let heldOut: SealedHeldOut
    let designer: ProbeDesigner
    let bench: MeasurementBench
    let proposer: any Proposer
    /// Writes what people are asked; nil where nobody is.
    var desk: ApprovalDesk?
}

/// What earlier studies of the same subject and place, and earlier waves of this one, taught, as far as one
/// feature is concerned.
struct FeatureExperience: Sendable, Hashable {
    /// Formulas supported for this very feature.
    var own: [String] = []
    /// Formulas supported for other features.
    var shared: [String] = []
    /// Formulas supported for features of earlier waves, which no earlier study taught.
    var fresh: [RunLesson] = []
    /// What is journaled of this; nil where a study is not carried out in waves.
    var draw: LessonDraw?

    /// Formulas of other features, of which the best is tried.
    var ofOthers: [String] { shared + fresh.map(\.formula) }
}

extension FeatureExperience {
    init(_ knowledge: [ExplainManifest.Knowledge], for feature: Feature) {
        own = knowledge.filter { $0.feature == feature.name }.map(\.formula)
        shared = knowledge.filter { $0.feature != feature.name }.map(\.formula)
    }
}
