extension Template {
    /// The text with its holes filled.
    ///
    /// - Throws: ``PromptError`` when a name is not among the values or of the wrong kind, or data is
    ///   longer than its hole takes. A template that passed ``check(against:)`` meets only the last.
    func render(_ values: PromptValues) throws(PromptError) -> String {
        var renderer = TemplateRenderer(scopes: [values])
        try renderer.render(nodes)
        return renderer.text
    }
}

private struct TemplateRenderer {
    /// The innermost last.
    var scopes: [PromptValues]
    var text = ""

    mutating func render(_ nodes: [Template.Node]) throws(PromptError) {
        for node in nodes {
            switch node {
            case .text(let words): text += words
            case .hole(let name, let place): text += try plain(name, at: place)
            case .fenced(let name, let limit, let place):
                text += try fenced(name, limit, at: place)
            case .omitted: break
            case .choice(let name, let then, let otherwise, let place):
                try render(try isChosen(name, at: place) ? then : otherwise)
            case .each(let name, let nodes, let place):
                guard case .records(let records) = try value(name, at: place) else {
                    throw .template(place, .notAList(name))
                }
                for record in records {
                    scopes.append(record)
                    try render(nodes)
                    scopes.removeLast()
                }
            }
        }
    }

    private func value(_ name: String, at place: PromptPlace) throws(PromptError) -> PromptValue {
        guard let value = scopes.last(where: { $0[name] != nil })?[name] else {
            let known = scopes.flatMap(\.keys).sorted()
            throw .template(place, .unknownName(name, known: known))
        }
        return value
    }

    private func plain(_ name: String, at place: PromptPlace) throws(PromptError) -> String {
        switch try value(name, at: place) {
        case .text(let text): return text
        case .number(let number): return Self.text(of: number)
        case .data: throw .template(place, .dataOutsideFence(name))
        case .flag, .records: throw .template(place, .notPlain(name))
        }
    }

    /// Shortest text that reads back exactly, a whole number without a point.
    private static func text(of number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    private func fenced(
        _ name: String, _ limit: FenceLimit, at place: PromptPlace
    ) throws(PromptError) -> String {
        guard case .data(let data) = try value(name, at: place) else {
            throw .template(place, .notData(name))
        }
        guard let text = Fence.render(data, limit: limit) else {
            throw .template(
                place, .tooLong(name, count: Fence.length(data), limit: limit.count))
        }
        return text
    }

    private func isChosen(_ name: String, at place: PromptPlace) throws(PromptError) -> Bool {
        switch try value(name, at: place) {
        case .flag(let flag): return flag
        case .records(let records): return !records.isEmpty
        case .text, .number, .data: throw .template(place, .notAChoice(name))
        }
    }
}
