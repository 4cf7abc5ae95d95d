import Inquiry

/// What a language model said of a feature beside its hypotheses: none of it decided anything.
struct WordsSection {
    let state: InquiryState

    var html: HTML { "\(conclusion)\(reviews)\(written)" }

    private var conclusion: HTML {
        guard let words = state.conclusion?.words else { return "" }
        let facets = words.facets.map { "<li>\($0)</li>" as HTML }
        let evidence = words.evidence.map { "#\($0)" }.joined(separator: ", ")
        return """
            <h3>In the model's words</h3><p><b>\(words.label)</b></p><p>\(words.description)</p>
            \(facets.isEmpty ? "" : "<ul>\(facets)</ul>")
            <p class="soft">It points to probes \(evidence.isEmpty ? "none" : evidence). No verdict rests on
            these words.</p>
            """
    }

    private var reviews: HTML {
        let items = state.reviews.filter { !$0.unexplained.isEmpty }.map { review -> HTML in
            let added =
                review.drafts.isEmpty ? "nothing added" : "\(review.drafts.count) hypotheses added"
            return "<li><q>\(review.unexplained)</q> (\(added))</li>"
        }
        return items.isEmpty ? "" : "<h3>What it held unexplained</h3><ul>\(items)</ul>"
    }

    private var written: HTML {
        let pairs = state.devisings.values.reduce(0) { $0 + $1.pairs.count }
        let dropped = state.devisings.values.reduce(0) { $0 + $1.dropped }
        guard pairs + dropped > 0 else { return "" }
        return """
            <p class="soft">It wrote \(pairs) pairs of probes that were used, and \(dropped) that were not: the
            hypothesis predicts something else of them than it said.</p>
            """
    }
}
