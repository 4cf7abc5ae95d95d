extension Template {
    /// Holds the template to the values that it will be given.
    ///
    /// Every branch and every loop is looked at, whether or not a rendering would reach it.
    ///
    /// - Returns: the names that are used, "exemplars.number" for a list's field.
    /// - Throws: ``PromptError/template(_:_:)`` at the first name that is unknown or of the wrong
    ///   kind.
    func check(against shape: ValueShape) throws(PromptError) -> Set<String> {
        var checker = TemplateChecker(scopes: [("", shape)])
        try checker.check(nodes)
        return checker.used
    }

    /// Every name of a shape, as ``check(against:)`` gives them.
    static func names(of shape: ValueShape, prefix: String = "") -> Set<String> {
        var names: Set<String> = []
        for (name, kind) in shape {
            names.insert(prefix + name)
            if case .records(let fields) = kind {
                names.formUnion(self.names(of: fields, prefix: "\(prefix)\(name)."))
            }
        }
        return names
    }
}

private struct TemplateChecker {
    /// The innermost last; each with the path before its names.
    var scopes: [(prefix: String, names: ValueShape)]
    var used: Set<String> = []

    mutating func check(_ nodes: [Template.Node]) throws(PromptError) {
        for node in nodes { try check(node) }
    }

    private mutating func check(_ node: Template.Node) throws(PromptError) {
        switch node {
        case .text: break
        case .hole(let name, let place):
            switch try use(name, at: place) {
            case .text, .number: break
            case .data: throw .template(place, .dataOutsideFence(name))
            case .flag, .records: throw .template(place, .notPlain(name))
            }
        case .fenced(let name, _, let place):
            guard try use(name, at: place) == .data else {
                throw .template(place, .notData(name))
            }
        case .omitted(let name, let place):
            let kind = try use(name, at: place)
            if case .records(let fields) = kind, let path = path(of: name) {
                used.formUnion(Template.names(of: fields, prefix: path + "."))
            }
        case .choice(let name, let then, let otherwise, let place):
            switch try use(name, at: place) {
            case .flag, .records: break
            case .text, .number, .data: throw .template(place, .notAChoice(name))
            }
            try check(then)
            try check(otherwise)
        case .each(let name, let nodes, let place):
            guard case .records(let fields) = try use(name, at: place), let path = path(of: name)
            else { throw .template(place, .notAList(name)) }
            for field in fields.keys.sorted() where kind(of: field) != nil {
                throw .template(place, .shadowed(field: field, list: name))
            }
            scopes.append((path + ".", fields))
            try check(nodes)
            scopes.removeLast()
        }
    }

    private func kind(of name: String) -> ValueKind? {
        scopes.last { $0.names[name] != nil }?.names[name]
    }

    private func path(of name: String) -> String? {
        scopes.last { $0.names[name] != nil }.map { $0.prefix + name }
    }

    private mutating func use(
        _ name: String, at place: PromptPlace
    ) throws(PromptError) -> ValueKind {
        guard let kind = kind(of: name), let path = path(of: name) else {
            let known = scopes.flatMap(\.names.keys).sorted()
            throw .template(place, .unknownName(name, known: known))
        }
        used.insert(path)
        return kind
    }
}
