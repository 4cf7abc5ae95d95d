import Digests
import JSON

/// What a store was made from, and what the pass met.
public struct ExemplarManifest: Sendable, Hashable {
    /// What decides the store's bytes.
    public struct Identity: Sendable, Hashable {
        /// The subject's name, for people.
        public let subjectName: String
        public let subject: Digest
        public let corpus: Digest
        public let latentCount: Int
        public let plan: ExemplarPlan
    }

    /// What the corpus turned out to be.
    public struct Totals: Sendable, Hashable {
        public var documents = 0
        /// Documents without tokens.
        public var emptyDocuments = 0
        /// Documents that were left out because they are longer than is read.
        public var longDocuments = 0
        public var contexts = 0
        /// Tokens of the text; first tokens are not counted.
        public var tokens = 0
    }

    public let identity: Identity
    /// Nil while the pass is not finished.
    public let totals: Totals?
    /// The digest of `exemplars.bin`; nil while the pass is not finished.
    public let content: Digest?

    static let version = 1
}

extension ExemplarManifest {
    var json: JSONValue {
        var value: [JSONValue.Member] = [
            .init(name: "format", value: "conjecture.exemplars"),
            .init(name: "version", value: .integer(Self.version)),
            .init(name: "state", value: totals == nil ? "growing" : "complete"),
            .init(name: "subject_name", value: .string(identity.subjectName)),
            .init(name: "subject", value: .string(identity.subject.hex)),
            .init(name: "corpus", value: .string(identity.corpus.hex)),
            .init(name: "latents", value: .integer(identity.latentCount)),
            .init(name: "plan", value: identity.plan.json),
        ]
        if let totals, let content {
            value.append(
                .init(
                    name: "totals",
                    value: [
                        "documents": .integer(totals.documents),
                        "empty_documents": .integer(totals.emptyDocuments),
                        "long_documents": .integer(totals.longDocuments),
                        "contexts": .integer(totals.contexts), "tokens": .integer(totals.tokens),
                    ]))
            value.append(.init(name: "content", value: .string(content.hex)))
        }
        return .object(value)
    }

    /// - Throws: ``ExemplarError/damaged(path:place:reason:)`` naming the field.
    init(_ json: JSONValue, path: String) throws(ExemplarError) {
        func missing(_ field: String) -> ExemplarError {
            .damaged(
                path: path, place: field, reason: "the field is absent or not what it should be")
        }
        guard json["format"]?.string == "conjecture.exemplars" else { throw missing("format") }
        guard json["version"]?.integer == Self.version else {
            throw .damaged(
                path: path, place: "version",
                reason: "it is \(json["version"]?.summary ?? "absent"), this program reads 1")
        }
        func digest(_ name: String) throws(ExemplarError) -> Digest {
            guard let value = json[name]?.string.flatMap(Digest.init(hex:)) else {
                throw missing(name)
            }
            return value
        }
        guard let name = json["subject_name"]?.string else { throw missing("subject_name") }
        guard let latents = json["latents"]?.integer, (1...1 << 28).contains(latents) else {
            throw missing("latents")
        }
        guard let plan = json["plan"].flatMap(ExemplarPlan.init) else { throw missing("plan") }
        try plan.check()
        identity = Identity(
            subjectName: name, subject: try digest("subject"), corpus: try digest("corpus"),
            latentCount: latents, plan: plan)
        guard json["state"]?.string == "complete" else {
            (totals, content) = (nil, nil)
            return
        }
        guard let found = json["totals"] else { throw missing("totals") }
        var totals = Totals()
        let fields: [(String, WritableKeyPath<Totals, Int>)] = [
            ("documents", \.documents), ("empty_documents", \.emptyDocuments),
            ("long_documents", \.longDocuments), ("contexts", \.contexts), ("tokens", \.tokens),
        ]
        for (field, place) in fields {
            guard let value = found[field]?.integer, value >= 0 else { throw missing(field) }
            totals[keyPath: place] = value
        }
        self.totals = totals
        content = try digest("content")
    }

    /// Refuses to go on with what was begun from something else.
    func check(_ asked: Identity, path: String) throws(ExemplarError) {
        let stored = identity
        func differ(_ what: String, _ stored: String, _ asked: String) throws(ExemplarError) {
            guard stored != asked else { return }
            throw .otherStore(path: path, what: what, stored: stored, asked: asked)
        }
        try differ("subject", stored.subject.hex, asked.subject.hex)
        try differ("number of latents", "\(stored.latentCount)", "\(asked.latentCount)")
        try differ("corpus", stored.corpus.hex, asked.corpus.hex)
        try differ("plan", stored.plan.json.text, asked.plan.json.text)
    }
}
