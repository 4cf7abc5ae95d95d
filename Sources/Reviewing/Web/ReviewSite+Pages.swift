import Foundation
import Memory

/// What the pages show.
extension ReviewSite {
    private static let foundLimit = 50
    /// Items of a run on its page.
    private static let runItemLimit = 500

    func page(_ route: ReviewRoute, _ session: ReviewSession) async throws -> String {
        let shown = PageSession(session)
        switch route {
        case .queue(let filter, let offset):
            let page = try await queue.page(
                filter, rater: session.rater, offset: offset, limit: ReviewRoute.pageSize)
            return ReviewPages.queue(
                page: page, filter: filter, counts: try await queue.counts(), session: shown)
        case .item(let id):
            let sheet = try await queue.sheet(of: id, rater: session.rater)
            return ReviewPages.item(sheet, nonce: UUID().uuidString, session: shown)
        case .runs: return ReviewPages.runs(try await queue.store.runs(), session: shown)
        case .run(let id):
            return ReviewPages.run(try await run(id, rater: session.rater), session: shown)
        case .search(let text):
            return ReviewPages.search(try await found(text, rater: session.rater), session: shown)
        case .raters:
            return ReviewPages.raters(try await queue.raters(onlySettled: true), session: shown)
        case .help: return ReviewPages.help(session: shown)
        case .enter, .asset, .events, .itemsData, .itemData, .change:
            throw ReviewRefusal.notFound
        }
    }

    private func run(_ id: String, rater: String) async throws -> RunView {
        let row = try await queue.store.run(id)
        let items = try await queue.page(
            ReviewFilter(part: .all, run: id), rater: rater, limit: Self.runItemLimit)
        return RunView(
            row: row, inquiries: try await runs.inquiries(of: row), items: items.lines)
    }

    private func found(_ text: String, rater: String) async throws -> SearchView {
        let words = text.trimmingCharacters(in: .whitespaces)
        guard !words.isEmpty else { return SearchView(query: "") }
        let store = queue.store
        let items = try await queue.page(
            ReviewFilter(part: .all, text: words), rater: rater, limit: Self.foundLimit)
        let features = try await store.inquiryRows(containing: words, limit: Self.foundLimit)
        let runs = try await store.runs().filter { $0.id.contains(words.lowercased()) }
        return SearchView(
            query: text, items: items.lines,
            features: features.map { SearchView.Feature(run: $0.run, inquiry: $0.row) },
            lessons: try await lessons(words), runs: Array(runs.prefix(Self.foundLimit)))
    }

    /// Signs without a letter or digit are in no lesson's index.
    private func lessons(_ words: String) async throws -> [Lesson] {
        do {
            return try await queue.store.search(words, limit: Self.foundLimit)
        } catch MemoryError.badSearch {
            return []
        }
    }
}
