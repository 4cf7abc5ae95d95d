import Digests

/// The prompts of a run: those that the program carries, with a user's own files in their place.
///
/// This module knows how words for a model are written, filled in and held to their form. It knows
/// no model, no inquiry and no game: what is said of them comes as values. Read first: this type,
/// ``Prompt``, ``Briefing``, ``PromptValue``; the texts are in `explain-othello`, `explain-text` and
/// `shared`.
public struct PromptSet: Sendable {
    /// By name.
    public let prompts: [Prompt]

    /// The set as it ships.
    public init() throws(PromptError) {
        try self.init(PromptLoader(Self.shipped))
    }

    /// The set with the files of a folder in place of those that ship under the same path.
    ///
    /// - Throws: the first of ``faults(overlay:)``.
    public init(overlay folder: String) throws(PromptError) {
        let overlay = PromptOverlay(folder)
        if let fault = overlay.faults.first { throw fault }
        try self.init(PromptLoader(Self.shipped + overlay.sources))
    }

    private init(_ loader: PromptLoader) throws(PromptError) {
        var loader = loader
        prompts = loader.load()
        if let fault = loader.faults.first { throw fault }
    }

    /// Everything that is wrong with a folder of a user's own prompts; empty when it is sound.
    public static func faults(overlay folder: String) -> [PromptError] {
        let overlay = PromptOverlay(folder)
        var loader = PromptLoader(shipped + overlay.sources)
        _ = loader.load()
        return overlay.faults + loader.faults
    }

    /// The files that ship and may be replaced, with their paths.
    public static var files: [(path: String, text: String)] {
        ShippedFile.all.filter { $0.kind != .sample }.map {
            ($0.path, String(decoding: $0.bytes, as: UTF8.self))
        }
    }

    private static var shipped: [PromptSource] {
        ShippedFile.all.map {
            PromptSource(
                path: $0.path, label: $0.path, text: String(decoding: $0.bytes, as: UTF8.self),
                isUsers: false)
        }
    }

    /// - Throws: ``PromptError/unknownPrompt(name:known:)``.
    public func prompt(role: String, inquiry: String) throws(PromptError) -> Prompt {
        let name = "\(inquiry)/\(role)"
        guard let prompt = prompts.first(where: { $0.name == name }) else {
            throw .unknownPrompt(name: name, known: prompts.map(\.name))
        }
        return prompt
    }

    /// What a run's manifest records of its prompts: those of its kind of inquiry and those that all
    /// share, so that a change to another kind's says nothing of it.
    public func hashes(of inquiry: String) -> [PromptHash] {
        prompts.filter { [inquiry, RepairBriefing.inquiry].contains($0.inquiry) }
            .map { PromptHash(name: $0.name, version: $0.version, hash: $0.hash) }
    }

    /// What opens a conversation.
    public func render<Brief: Briefing>(_ briefing: Brief) throws(PromptError) -> RenderedPrompt {
        let prompt = try prompt(role: Brief.role, inquiry: Brief.inquiry)
        guard let reply = prompt.reply else {
            throw .wrongTurn(name: prompt.name, isFollowUp: true)
        }
        let messages = try prompt.messages(briefing.values)
        return RenderedPrompt(
            name: prompt.name, system: messages.system ?? "", user: messages.user, reply: reply,
            hash: prompt.hash)
    }

    /// The one turn that follows a reply which did not pass: it tells the model what was wrong.
    public func render(_ briefing: RepairBriefing) throws(PromptError) -> RenderedTurn {
        let prompt = try prompt(role: RepairBriefing.role, inquiry: RepairBriefing.inquiry)
        return RenderedTurn(
            name: prompt.name, user: try prompt.messages(briefing.values).user, hash: prompt.hash)
    }
}

/// Which text of a prompt a run used.
public struct PromptHash: Codable, Hashable, Sendable {
    public let name: String
    public let version: Int
    public let hash: Digest

    public init(name: String, version: Int, hash: Digest) {
        self.name = name
        self.version = version
        self.hash = hash
    }
}
