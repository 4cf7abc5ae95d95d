/// The append-only record of one run's inquiries.
public protocol InquiryJournal: Sendable {
    /// The events of one inquiry, in order; empty when it has not begun.
    func events(of inquiry: String) async throws -> [InquiryEvent]

    /// Makes `event` durable as number `sequence` (from 0) of its inquiry before it returns.
    ///
    /// - Throws: when that number is taken, or the record cannot be written.
    func append(_ event: InquiryEvent, to inquiry: String, sequence: Int) async throws
}

/// One inquiry of a campaign.
public struct InquiryTask: Sendable {
    /// Names the inquiry in the journal, for instance "latent 37".
    public let name: String
    public let plan: InquiryPlan
    /// Makes the laboratory when the inquiry's turn has come.
    public let laboratory: @Sendable () -> any Laboratory

    public init(
        name: String, plan: InquiryPlan, laboratory: @escaping @Sendable () -> any Laboratory
    ) {
        self.name = name
        self.plan = plan
        self.laboratory = laboratory
    }
}

/// Watches a campaign, for a screen or a log. It decides nothing.
public protocol CampaignObserver: Sendable {
    func inquiry(_ name: String, reached state: InquiryState) async
}
