import JSON

/// Reads texts of replies within bounds.
enum ReplyText {
    /// One line, and nothing in it that a terminal or a page would not show.
    static func line(
        _ value: JSONValue?, _ place: String, limit: Int
    ) throws(ReplyFaults) -> String {
        let text = try block(value, place, limit: limit)
        guard !text.contains(where: \.isNewline), Fence.visible(text, limit: .max).body == text
        else { throw fault(place, "must be one line without hidden characters") }
        return text
    }

    /// A text of any lines that is not blank.
    static func block(
        _ value: JSONValue?, _ place: String, limit: Int
    ) throws(ReplyFaults) -> String {
        guard let text = value?.string, text.contains(where: { !$0.isWhitespace }),
            text.count <= limit
        else {
            throw fault(
                place, "must be a text of 1 to \(limit) characters that is not blank")
        }
        return text
    }

    /// Each item of the list called `name`, with its place.
    static func list<Item>(
        _ json: JSONValue, _ name: String, at place: String, counts: ClosedRange<Int>,
        _ read: (JSONValue, String) throws(ReplyFaults) -> Item
    ) throws(ReplyFaults) -> [Item] {
        let here = "\(place).\(name)"
        guard let items = json[name]?.array, counts.contains(items.count) else {
            throw fault(
                here, "must be a list of \(counts.lowerBound) to \(counts.upperBound) items")
        }
        var result: [Item] = []
        for (index, item) in items.enumerated() {
            result.append(try read(item, "\(here)[\(index)]"))
        }
        return result
    }

    /// One of the words of an enumeration.
    static func choice<Word: CaseIterable & RawRepresentable>(
        _ value: JSONValue?, _ place: String
    ) throws(ReplyFaults) -> Word where Word.RawValue == String {
        guard let word = value?.string.flatMap(Word.init(rawValue:)) else {
            throw fault(
                place, "must be one of \(PromptError.list(Word.allCases.map(\.rawValue)))")
        }
        return word
    }

    static func fault(_ place: String, _ reason: String) -> ReplyFaults {
        ReplyFaults([SchemaFault(place: place, reason: reason)])
    }
}
