import Inquiry

/// The result of a run of `mine` for machines.
public struct MiningOutput: Encodable, Sendable {
    public let run: String
    /// The hash of the manifest.
    public let study: String
    /// Where the report and the pack lie; nil for a pack that was not written.
    public let report: String
    public let pack: String?
    public let summary: MiningSummary
    public let record: MiningRecord
    /// What the language model's replies came to, by role.
    public let usage: [RoleUsage]

    public init(
        _ record: MiningRecord, run: String, study: String, report: String, pack: String?,
        usage: [RoleUsage] = []
    ) {
        self.run = run
        self.study = study
        self.report = report
        self.pack = pack
        self.record = record
        self.usage = usage
        summary = MiningSummary(record)
    }
}
