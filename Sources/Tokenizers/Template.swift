import JSON

/// What is put before, between and behind one text or two.
///
/// - Source: `processors/template.rs` of tokenizers 0.23.
struct Template: Sendable {
    private enum Item: Sendable {
        /// The first text (0) or the second (1).
        case text(Int, typeID: Int)
        case special(ids: [Int], tokens: [String], typeID: Int)
    }

    private let single: [Item]
    private let pair: [Item]

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        var specials: [String: (ids: [Int], tokens: [String])] = [:]
        if case .object(let members) = fields.present("special_tokens") {
            for member in members {
                var special = try ComponentFields(
                    member.value, path: fields.path,
                    place: "\(fields.name("special_tokens")).\(member.name)")
                specials[member.name] = try Self.special(&special)
                try special.finish()
            }
        }
        single = try Self.items(&fields, "single", specials)
        pair = try Self.items(&fields, "pair", specials)
        if single.contains(where: { if case .text(1, _) = $0 { true } else { false } }) {
            throw fields.unsupported("single", "a template with $B", "one text has no second")
        }
    }

    private static func special(
        _ fields: inout ComponentFields
    ) throws(TokenizerError) -> (ids: [Int], tokens: [String]) {
        _ = try fields.text("id")
        let ids = try fields.list("ids").compactMap(\.integer).filter {
            $0 >= 0 && $0 <= Int(Int32.max)
        }
        let tokens = try fields.list("tokens").compactMap(\.string)
        let (idValues, tokenValues) = (try fields.list("ids"), try fields.list("tokens"))
        guard ids.count == idValues.count, tokens.count == tokenValues.count,
            ids.count == tokens.count
        else { throw fields.invalid("ids", .array(idValues), "as many ids as there are tokens") }
        return (ids, tokens)
    }

    private static func items(
        _ fields: inout ComponentFields, _ field: String,
        _ specials: [String: (ids: [Int], tokens: [String])]
    ) throws(TokenizerError) -> [Item] {
        let path = fields.path
        return try fields.components(field) { value, place throws(TokenizerError) in
            var item = try ComponentFields(value, path: path, place: place)
            let result: Item
            if item.present("Sequence") != nil {
                var text = try item.nested("Sequence")
                let id = try text.text("id")
                guard id == "A" || id == "B" else {
                    throw text.invalid("id", .string(id), "A or B")
                }
                result = .text(id == "A" ? 0 : 1, typeID: try text.count("type_id"))
                try text.finish()
            } else {
                var special = try item.nested("SpecialToken")
                let id = try special.text("id")
                guard let (ids, tokens) = specials[id] else {
                    throw special.invalid("id", .string(id), "one of \"special_tokens\"")
                }
                result = .special(ids: ids, tokens: tokens, typeID: try special.count("type_id"))
                try special.finish()
            }
            try item.finish()
            return result
        }
    }

    func addedCount(isPair: Bool) -> Int {
        (isPair ? pair : single).reduce(0) { count, item in
            if case .special(let ids, _, _) = item { count + ids.count } else { count }
        }
    }

    /// The ids before the first text and behind the last.
    var frame: (before: [Int], after: [Int]) {
        var before: [Int] = []
        var after: [Int] = []
        var isBehind = false
        for item in single {
            switch item {
            case .text:
                isBehind = true
                after = []
            case .special(let ids, _, _): if isBehind { after += ids } else { before += ids }
            }
        }
        return (before, after)
    }

    func apply(
        to parts: [SequencePart], addsSpecials: Bool
    ) throws(TokenizerError) -> [SequencePart] {
        var result: [SequencePart] = []
        for item in parts.count == 2 ? pair : single {
            switch item {
            case .text(let index, let typeID):
                guard index < parts.count else {
                    throw .noTemplate(reason: "the template wants a second text")
                }
                var part = parts[index]
                part.setTypeID(typeID)
                result.append(part)
            case .special(let ids, let tokens, let typeID):
                guard addsSpecials else { continue }
                var encoding = Encoding()
                for (id, token) in zip(ids, tokens) {
                    encoding.append(special: id, token, typeID: typeID)
                }
                result.append(SequencePart(encoding: encoding, places: ScalarPlaces([])))
            }
        }
        return result
    }
}
