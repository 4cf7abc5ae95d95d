/// The tags of a page, for tests of what its data did to it.
struct Markup {
    /// Whole tags in order: `<p class="soft">`, `</p>`.
    let tags: [String]

    init(_ source: String) {
        tags = source.utf8.split(separator: UInt8(ascii: "<")).compactMap { part in
            part.firstIndex(of: UInt8(ascii: ">")).map {
                "<" + String(source[part.startIndex...$0])
            }
        }
    }

    /// The first tag that closes what is not open, or what is left open at the end.
    var fault: String? {
        var open: [Substring] = []
        for tag in tags where !tag.hasPrefix("<!") {
            let name = tag.drop { $0 == "<" || $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
            if tag.hasPrefix("</") {
                guard open.popLast() == name else { return tag }
            } else if !tag.hasSuffix("/>"), !["meta", "br"].contains(name) {
                open.append(name)
            }
        }
        return open.last.map(String.init)
    }

    /// Values of the attributes that hold positions and sizes of drawings.
    var coordinates: [Substring] {
        tags.flatMap { tag in
            tag.matches(of: /\ (?:x|y|cx|cy|r|d|width|height|viewBox)="([^"]*)"/).map(\.output.1)
        }
    }
}
