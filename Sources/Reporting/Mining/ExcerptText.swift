import Inquiry

/// A row's text cut to what is shown, in pieces that are evidence or not. Ranges that do not lie within
/// the text are left out.
struct ExcerptText {
    struct Piece: Hashable {
        var text: String
        let isEvidence: Bool
    }

    private(set) var pieces: [Piece] = []

    /// Characters of a text that are looked at, and scalars that one of them may hold.
    private static let most = 20_000
    private static let scalars = 32
    /// Kept before the first stretch of evidence where the text's beginning is not shown.
    private static let lead = 60

    /// - Parameter limit: in characters. The part that is shown begins with the text, or shortly before
    ///   the first evidence where that lies further on.
    init(_ excerpt: MinedFeature.Excerpt, limit: Int) {
        let characters = excerpt.text.prefix(Self.most).map(Self.bounded)
        let evidence = Self.union(
            excerpt.evidence.filter {
                !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= characters.count
            })
        var start = 0
        if let first = evidence.first, first.upperBound > limit {
            let from = max(0, first.lowerBound - Self.lead)
            let space = characters[from..<first.lowerBound].firstIndex { $0 == " " }
            start = space.map { $0 + 1 } ?? from
        }
        let end = min(characters.count, start + limit)
        var place = start
        func add(upTo next: Int, isEvidence: Bool) {
            guard next > place else { return }
            pieces.append(
                Piece(text: characters[place..<next].joined(), isEvidence: isEvidence))
            place = next
        }
        if start > 0 { pieces.append(Piece(text: "… ", isEvidence: false)) }
        for range in evidence where range.lowerBound < end {
            add(upTo: range.lowerBound, isEvidence: false)
            add(upTo: min(end, range.upperBound), isEvidence: true)
        }
        add(upTo: end, isEvidence: false)
        if end < characters.count { pieces.append(Piece(text: " …", isEvidence: false)) }
    }

    private static func bounded(_ character: Character) -> String {
        String(String.UnicodeScalarView(character.unicodeScalars.prefix(scalars)))
    }

    private static func union(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}

/// Rows on which a feature is high, or low, with what it counted marked.
struct ExcerptList {
    let title: String
    let excerpts: [MinedFeature.Excerpt]
    private static let most = 6
    private static let characters = 700

    var html: HTML {
        let items = excerpts.prefix(Self.most).map { excerpt -> HTML in
            let pieces = ExcerptText(excerpt, limit: Self.characters).pieces.map { piece in
                let text = TokenDrawing.visible(piece.text)
                return piece.isEvidence ? "<mark>\(text)</mark>" : "\(text)" as HTML
            }
            return """
                <li><p class="soft">value <b>\(Format.significant(excerpt.value))</b>, target
                <b>\(Format.significant(excerpt.target))</b></p>
                <div class="text" dir="auto">\(pieces)</div></li>
                """
        }
        return "<section><h4>\(title)</h4><ol class=\"rows\">\(items)</ol></section>"
    }
}
