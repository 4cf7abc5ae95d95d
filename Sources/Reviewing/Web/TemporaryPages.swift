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

public struct PageSession: Hashable, Sendable {
    public let rater: String
    public let formToken: String

    public init(rater: String, formToken: String) {
        self.rater = rater
        self.formToken = formToken
    }
}

public enum ReviewAssets {
    public static let css = "body {}"
    public static let js = "\"use strict\";"
}

/// Stands in until the pages are there.
public enum ReviewPages {
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
            "\"", with: "&quot;")
    }
    private static func page(_ title: String, _ text: String, _ session: PageSession?) -> String {
        "<!DOCTYPE html><title>\(escaped(title))</title>"
            + (session.map { "<meta name=\"review-token\" content=\"\($0.formToken)\">" } ?? "")
            + "<p>\(escaped(text))</p>"
    }
    public static func queue(
        page: ReviewPage, filter: ReviewFilter, counts: [ReviewState: Int], session: PageSession
    ) -> String {
        self.page(
            "Queue", page.lines.map { "\($0.id) \($0.claim)" }.joined(separator: "\n"), session)
    }
    public static func item(_ sheet: ReviewSheet, nonce: String, session: PageSession) -> String {
        page(sheet.sheet.claim, "\(nonce) \(sheet.contentHash)", session)
    }
    public static func runs(_ rows: [RunRow], session: PageSession) -> String {
        page("Runs", rows.map(\.id).joined(), session)
    }
    public static func run(_ view: RunView, session: PageSession) -> String {
        page("Runs", view.row.id, session)
    }
    public static func search(_ view: SearchView, session: PageSession) -> String {
        page("Search", view.query, session)
    }
    public static func raters(_ table: Int, session: PageSession) -> String {
        page("Raters", "", session)
    }
    public static func help(session: PageSession) -> String { page("Help", "", session) }
    public static func message(title: String, text: String, session: PageSession?) -> String {
        page(title, text, session)
    }
}

extension ReviewQueue {
    func raters() async throws -> Int { 0 }
}
