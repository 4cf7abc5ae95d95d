import Inquiry

/// The result of a run for machines.
public struct RunOutput: Encodable, Sendable {
    public let run: String
    public let report: String
    public let summary: RunSummary
    public let features: [FeatureOutput]
    /// What the language model's replies came to, by role.
    public let usage: [RoleUsage]

    public init(_ record: RunRecord, run: String, report: String) {
        self.run = run
        self.report = report
        summary = RunSummary(record)
        usage = record.usage
        features = record.members(.feature).map(FeatureOutput.init)
    }
}

public struct FeatureOutput: Encodable, Sendable {
    public let feature: String
    public let verdict: String
    public let formula: String?
    public let statement: String?
    public let probes: Int
    public let hypotheses: Int
    public let scores: ScoreCard?

    init(_ member: RunRecord.Member) {
        feature = member.name
        verdict = member.state.verdict
        formula = member.state.leading?.hypothesis.formula
        statement = member.state.leading?.hypothesis.statement
        probes = member.state.probes.count
        hypotheses = member.state.records.count
        scores = member.state.scores
    }
}
