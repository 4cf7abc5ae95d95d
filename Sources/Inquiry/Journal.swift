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
    /// An inquiry begins when all of earlier waves have ended, so that it can learn from them whatever
    /// the concurrency and however often the run is interrupted.
    public let wave: Int
    /// Makes the laboratory when the inquiry's turn has come.
    public let laboratory: @Sendable () async throws -> any Laboratory

    public init(
        name: String, plan: InquiryPlan, wave: Int = 0,
        laboratory: @escaping @Sendable () async throws -> any Laboratory
    ) {
        self.name = name
        self.plan = plan
        self.wave = wave
        self.laboratory = laboratory
    }
}

/// Watches a campaign, for a screen or a log. It decides nothing.
public protocol CampaignObserver: Sendable {
    func inquiry(_ name: String, reached state: InquiryState) async
    /// Nothing is left but to wait for people's answers to so many questions.
    func waits(for questions: Int) async
}

extension CampaignObserver {
    public func waits(for questions: Int) async {}
}
