import JSON

extension ProposedFeature {
    static let nameLimit = 60
    static let titleLimit = 120
    static let reasonLimit = 600
    static let expressionLimit = 4_000
    static let pythonLimit = 20_000
    static let questionLimit = 600
    static let meaningLimit = 300
    static let exampleCounts = 2...8
    static let exampleLimit = 4_000
    /// In one reply.
    static let countLimit = 40

    /// Reads one feature strictly: the recipe of its kind and no other, and every bound kept.
    ///
    /// - Parameter place: of `json` in the reply, for messages.
    init(_ json: JSONValue, at place: String) throws(ReplyFaults) {
        let name = try ReplyText.line(json["name"], "\(place).name", limit: Self.nameLimit)
        guard Self.isName(name) else {
            throw ReplyText.fault(
                "\(place).name",
                "must be small letters, digits and single hyphens, such as share-of-hedges")
        }
        let kind: Kind = try ReplyText.choice(json["kind"], "\(place).kind")
        let recipe = try Self.recipe(json, kind, at: place)
        self.init(
            name: name,
            title: try ReplyText.line(json["title"], "\(place).title", limit: Self.titleLimit),
            reason: try ReplyText.block(json["why"], "\(place).why", limit: Self.reasonLimit),
            direction: try ReplyText.choice(json["direction"], "\(place).direction"),
            recipe: recipe,
            examples: try ReplyText.list(
                json, "examples", at: place, counts: Self.exampleCounts
            ) { item, here throws(ReplyFaults) in try Example(item, recipe, at: here) })
    }

    /// The features of the list called "features", no two of one name.
    static func list(
        in json: JSONValue, at place: String, counts: ClosedRange<Int> = 1...countLimit
    ) throws(ReplyFaults) -> [ProposedFeature] {
        let features = try ReplyText.list(json, "features", at: place, counts: counts) {
            item, here throws(ReplyFaults) in try ProposedFeature(item, at: here)
        }
        var seen: Set<String> = []
        for (index, feature) in features.enumerated() where !seen.insert(feature.name).inserted {
            throw ReplyText.fault(
                "\(place).features[\(index)].name", "\"\(feature.name)\" occurs twice")
        }
        return features
    }

    private static func recipe(
        _ json: JSONValue, _ kind: Kind, at place: String
    ) throws(ReplyFaults) -> Recipe {
        for other in Kind.allCases where other != kind {
            let field = other == .rubric ? json["rubric"]?["question"] : json[other.rawValue]
            let isEmpty = (field?.string ?? "").allSatisfy(\.isWhitespace)
            guard isEmpty else {
                let name = other == .rubric ? "rubric.question" : other.rawValue
                throw ReplyText.fault(
                    "\(place).\(name)", "must be empty, as the kind is \(kind.rawValue)")
            }
        }
        switch kind {
        case .expression:
            return .expression(
                try ReplyText.block(
                    json["expression"], "\(place).expression", limit: expressionLimit))
        case .python:
            return .python(
                try ReplyText.block(json["python"], "\(place).python", limit: pythonLimit))
        case .rubric:
            return .rubric(try Rubric(json["rubric"] ?? .null, at: "\(place).rubric"))
        }
    }

    private static func isName(_ name: String) -> Bool {
        name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                }
        }
    }
}

extension ProposedFeature.Rubric {
    init(_ json: JSONValue, at place: String) throws(ReplyFaults) {
        let scale: Scale = try ReplyText.choice(json["scale"], "\(place).scale")
        let anchors = try ReplyText.list(
            json, "anchors", at: place, counts: 0...scale.values.count
        ) { item, here throws(ReplyFaults) in try Anchor(item, scale, at: here) }
        let values = Set(anchors.map(\.value))
        guard values.count == anchors.count else {
            throw ReplyText.fault("\(place).anchors", "must name each step once")
        }
        guard scale == .yesNo || (values.contains(1) && values.contains(5)) else {
            throw ReplyText.fault("\(place).anchors", "must say what 1 and what 5 mean")
        }
        self.init(
            question: try ReplyText.block(
                json["question"], "\(place).question", limit: ProposedFeature.questionLimit),
            scale: scale, anchors: anchors.sorted { $0.value < $1.value })
    }
}

extension ProposedFeature.Rubric.Anchor {
    fileprivate init(
        _ json: JSONValue, _ scale: ProposedFeature.Rubric.Scale, at place: String
    ) throws(ReplyFaults) {
        let values = scale.values
        guard let value = json["value"]?.integer, values.contains(value) else {
            throw ReplyText.fault(
                "\(place).value",
                "must be a whole number from \(values.lowerBound) to \(values.upperBound)")
        }
        self.init(
            value: value,
            meaning: try ReplyText.block(
                json["meaning"], "\(place).meaning", limit: ProposedFeature.meaningLimit))
    }
}

extension ProposedFeature.Example {
    fileprivate init(
        _ json: JSONValue, _ recipe: ProposedFeature.Recipe, at place: String
    ) throws(ReplyFaults) {
        guard let text = json["text"]?.string, text.count <= ProposedFeature.exampleLimit else {
            throw ReplyText.fault(
                "\(place).text",
                "must be a text of at most \(ProposedFeature.exampleLimit) characters")
        }
        guard let value = json["value"]?.number, value.isFinite else {
            throw ReplyText.fault("\(place).value", "must be a number")
        }
        if case .rubric(let rubric) = recipe {
            let (low, high) = (rubric.scale.values.lowerBound, rubric.scale.values.upperBound)
            guard (Double(low)...Double(high)).contains(value) else {
                throw ReplyText.fault(
                    "\(place).value", "must lie on the rubric's scale, from \(low) to \(high)")
            }
        }
        self.init(
            text: text,
            relation: try ReplyText.choice(json["relation"], "\(place).relation"), value: value)
    }
}
