import Memory

/// One run as a page shows it.
public struct RunView: Hashable, Sendable {
    public let row: RunRow
    public let inquiries: [InquiryRow]
    /// What the run asks or asked people.
    public let items: [ReviewLine]

    public init(row: RunRow, inquiries: [InquiryRow], items: [ReviewLine]) {
        self.row = row
        self.inquiries = inquiries
        self.items = items
    }
}

/// What a search found.
public struct SearchView: Hashable, Sendable {
    public struct Feature: Hashable, Sendable {
        public let run: String
        public let inquiry: InquiryRow

        public init(run: String, inquiry: InquiryRow) {
            self.run = run
            self.inquiry = inquiry
        }
    }

    public let query: String
    public let items: [ReviewLine]
    public let features: [Feature]
    /// Of experience.
    public let lessons: [Lesson]
    public let runs: [RunRow]

    public init(
        query: String, items: [ReviewLine] = [], features: [Feature] = [], lessons: [Lesson] = [],
        runs: [RunRow] = []
    ) {
        self.query = query
        self.items = items
        self.features = features
        self.lessons = lessons
        self.runs = runs
    }
}
