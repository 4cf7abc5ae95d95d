import Digests
import JSON

/// Makes prompts of files. Faults are collected, so that a user who edits several files learns of
/// all of them at once; a prompt with a fault is left out.
struct PromptLoader {
    /// By path.
    let sources: [String: PromptSource]
    private(set) var faults: [PromptError] = []
    private var parts: [String: Template] = [:]

    init(_ sources: [PromptSource]) {
        self.sources = Dictionary(sources.map { ($0.path, $0) }) { _, last in last }
    }

    mutating func load() -> [Prompt] {
        for source in sources.values.sorted(by: { $0.path < $1.path }) {
            if let fault = source.hiddenCharacter { faults.append(fault) }
        }
        for path in ShippedFile.paths(.part) {
            attempt { loader throws(PromptError) in
                loader.parts[path] = try loader.part(path)
            }
        }
        var prompts: [Prompt] = []
        for kind in [ShippedFile.Kind.opening, .followUp] {
            for path in ShippedFile.paths(kind) {
                attempt { loader throws(PromptError) in
                    prompts.append(try loader.prompt(path, isFollowUp: kind == .followUp))
                }
            }
        }
        return prompts.sorted { $0.name < $1.name }
    }

    private mutating func attempt(
        _ body: (inout PromptLoader) throws(PromptError) -> Void
    ) {
        do throws(PromptError) {
            try body(&self)
        } catch {
            faults.append(error)
        }
    }

    private func source(_ path: String) throws(PromptError) -> PromptSource {
        guard let source = sources[path] else {
            throw .unreadable(path: path, reason: "is not part of this program; install it anew")
        }
        return source
    }

    private func part(_ path: String) throws(PromptError) -> Template {
        let source = try source(path)
        let front = try FrontMatter(source, keys: ["version"])
        _ = try PromptHeader.version(front)
        let lines = front.body.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        let section = PromptSections.section(lines.map { Substring($0) }, line: front.bodyLine)
        return try Template(parsing: section.text, file: source.label, line: section.line)
    }

    private func prompt(_ path: String, isFollowUp: Bool) throws(PromptError) -> Prompt {
        let names = path.dropLast(".md".count).split(separator: "/").map(String.init)
        let (folder, stem) = (names[0], names[1])
        let source = try source(path)
        let front = try FrontMatter(
            source, keys: isFollowUp ? PromptHeader.followUpKeys : PromptHeader.openingKeys)
        let header = try PromptHeader(front, folder: folder, stem: stem, isFollowUp: isFollowUp)
        let sections = try PromptSections(front, file: source.label, isFollowUp: isFollowUp)
        let system = try sections.system.map { section throws(PromptError) in
            try template(section, source)
        }
        let user = try template(sections.user, source)
        let sample = try sample("\(folder)/\(stem).sample.json")
        let shape = sample.mapValues(\.kind)
        try check(system, user, against: shape, source)

        var files = [source]
        var reply: ReplyForm?
        if let form = header.reply {
            let schema = try self.source("\(folder)/\(form.schemaFile)")
            files.append(schema)
            reply = ReplyForm(
                name: "\(folder)-\(stem)",
                schema: try StrictSchema.read(try json(schema), file: schema.label),
                sampling: form.sampling)
        }
        for part in Set((system?.parts ?? []) + user.parts).sorted() {
            files.append(try self.source(part))
        }
        return Prompt(
            inquiry: folder, role: stem, version: header.version, hash: Self.hash(files),
            usersFiles: files.filter(\.isUsers).map(\.path), reply: reply, sample: sample,
            system: system, user: user, shape: shape)
    }

    private func template(
        _ section: PromptSections.Section, _ source: PromptSource
    ) throws(PromptError) -> Template {
        let template = try Template(
            parsing: section.text, file: source.label, line: section.line, parts: parts)
        guard !template.isBlank else {
            throw .form(
                PromptPlace(file: source.label, line: section.line),
                reason: "a section without words; say something in it")
        }
        return template
    }

    private func check(
        _ system: Template?, _ user: Template, against shape: ValueShape, _ source: PromptSource
    ) throws(PromptError) {
        if let system, !system.parts.contains(ShippedFile.preamble) {
            throw .noPreamble(file: source.label, part: ShippedFile.preamble)
        }
        var used = try user.check(against: shape)
        if let system { used.formUnion(try system.check(against: shape)) }
        let unused = Template.names(of: shape).subtracting(used).sorted()
        guard unused.isEmpty else { throw .unused(file: source.label, names: unused) }
    }

    private func sample(_ path: String) throws(PromptError) -> PromptValues {
        let source = try source(path)
        return try PromptValues(reading: try json(source), file: source.label)
    }

    private func json(_ source: PromptSource) throws(PromptError) -> JSONValue {
        do {
            return try JSONValue(parsing: source.text)
        } catch {
            throw .json(file: source.label, reason: error.description)
        }
    }

    /// Each file with its path and length before it, so that no two sets of files read the same.
    private static func hash(_ files: [PromptSource]) -> Digest {
        var hasher = SHA256()
        for file in files {
            hasher.update("\(file.path)\n\(file.text.utf8.count)\n")
            hasher.update(file.text)
        }
        return hasher.finalize()
    }
}
