import Foundation
import Inquiry
import Memory
import Reporting

/// How the pages name and mark things. A mark stands beside its word, so that no meaning rests on colour.
enum PageWords {
    static func name(_ kind: ApprovalKind) -> String {
        switch kind {
        case .hypothesis: "hypothesis"
        case .tool: "Python tool"
        case .explanation: "explanation"
        case .feature: "feature"
        case .export: "export"
        case .pack: "feature pack"
        }
    }

    static func name(_ part: ReviewFilter.Part) -> String {
        switch part {
        case .open: "Open"
        case .mine: "Decided by you"
        case .settled: "Settled"
        case .all: "All"
        }
    }

    /// What somebody has done.
    static func done(_ verb: ReviewVerb) -> String {
        switch verb {
        case .approve: "approved"
        case .edit: "edited"
        case .reject: "rejected"
        case .defer: "deferred"
        case .escalate: "escalated"
        }
    }

    static func badge(_ state: ReviewState) -> HTML {
        let (mark, style): (String, HTML) =
            switch state {
            case .pending: ("○", "soft")
            case .claimed: ("◐", "warn")
            case .deferred: ("→", "soft")
            case .escalated: ("▲", "warn")
            case .approved: ("✓", "good")
            case .edited: ("✎", "good")
            case .rejected: ("✗", "bad")
            case .expired: ("–", "bad")
            }
        return badge(state.rawValue, mark: mark, style: style)
    }

    static func badge(_ state: RunRow.State) -> HTML {
        switch state {
        case .running: badge("running", mark: "◐", style: "warn")
        case .interrupted: badge("interrupted", mark: "‖", style: "warn")
        case .outOfBudget: badge("budget spent", mark: "‖", style: "warn")
        case .failed: badge("failed", mark: "✗", style: "bad")
        case .finished: badge("finished", mark: "✓", style: "good")
        }
    }

    private static func badge(_ word: String, mark: String, style: HTML) -> HTML {
        "<span class=\"badge \(style)\"><span aria-hidden=\"true\">\(mark)</span> \(word)</span>"
    }

    /// A moment, in milliseconds since 1970, to the minute and in UTC: the same on every machine.
    static func time(_ milliseconds: Int64) -> HTML {
        let text = Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601)
        return time(text)
    }

    /// - Parameter text: as ISO 8601, in UTC.
    static func time(_ text: String) -> HTML {
        let words = text.prefix(16).replacing("T", with: " ")
        return "<time datetime=\"\(text)\">\(words) UTC</time>"
    }

    static func facts(_ facts: [RunRecord.Fact]) -> HTML {
        guard !facts.isEmpty else { return "" }
        let rows = facts.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" as HTML }
        return "<dl class=\"facts\">\(rows)</dl>"
    }
}
