import Digests
import Foundation
import JSON

/// A folder of approved tools, one file for each version: `share-of-hedges@2.json`.
///
/// A file holds the definition, the digest of the rows that confirmed it, and the digest it was approved
/// with, and is never written over. A file that was changed since is refused: approval is of a content.
public struct ToolCatalogue: Sendable {
    public let folder: String

    static let sizeLimit = 512 << 10

    /// - Parameter folder: made when the first tool is added.
    public init(folder: String) {
        self.folder = folder
    }

    /// A tool and what it was made or confirmed on.
    struct Entry: Hashable, Sendable {
        let tool: FeatureTool
        /// Names the rows; nil for a tool that no rows had a part in.
        let rows: String?
    }

    /// Adds an approved tool. Adding the same definition again changes nothing.
    ///
    /// - Parameter rows: names the rows that confirmed it.
    /// - Throws: ``ToolError/taken(name:version:path:)`` when another recipe has its name and
    ///   version, ``ToolError/altered(path:approved:found:)`` or
    ///   ``ToolError/unreadable(path:reason:)``.
    public func add(_ tool: FeatureTool, rows: String? = nil) throws(ToolError) {
        let path = path(of: tool.name, version: tool.version)
        if FileManager.default.fileExists(atPath: path) {
            guard try read(path).tool == tool else {
                throw .taken(name: tool.name, version: tool.version, path: path)
            }
            return
        }
        let entry = Entry(tool: tool, rows: rows)
        let document: JSONValue = [
            "approved": .string(Self.approval(entry).hex),
            "rows": rows.map { .string($0) } ?? .null, "tool": tool.json,
        ]
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data((document.text + "\n").utf8).write(
                to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw .unreadable(
                path: path, reason: "cannot be written: \(error.localizedDescription)")
        }
    }

    /// Adds an approved tool under its name: where another recipe has the name already, as the next
    /// version, made from the newest. A recipe that is there under any name is not added again.
    ///
    /// - Throws: as ``add(_:rows:)``.
    public func approve(_ tool: FeatureTool, rows: String) throws(ToolError) {
        let known = try tools()
        guard !known.contains(where: { $0.hash == tool.hash }) else { return }
        guard let newest = known.last(where: { $0.name == tool.name }) else {
            return try add(tool, rows: rows)
        }
        try add(
            try FeatureTool(
                name: tool.name, title: tool.title, kind: tool.kind, examples: tool.examples,
                version: newest.version + 1, parent: newest.hash), rows: rows)
    }

    /// Every version of every tool, by name and version. A folder that is not there is empty.
    ///
    /// - Throws: ``ToolError`` for the first file that is unreadable, no tool, or altered.
    public func tools() throws(ToolError) -> [FeatureTool] { try entries().map(\.tool) }

    /// The newest version of every tool that some rows had no part in: one that was made from rows is
    /// not to be tried on them, as it was chosen by their targets.
    ///
    /// - Parameter isOwn: whether what names the rows of a tool names these, or some of them.
    public func tools(exceptWhere isOwn: (String) -> Bool) throws(ToolError) -> [FeatureTool] {
        let newest = Set(try newest().map(\.hash))
        return try entries().filter { entry in
            newest.contains(entry.tool.hash) && !(entry.rows.map(isOwn) ?? false)
        }.map(\.tool)
    }

    /// Every tool with what it was made on.
    private func entries() throws(ToolError) -> [Entry] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return []
        }
        var entries: [Entry] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let entry = try read(folder + "/" + name)
            let tool = entry.tool
            guard name == Self.file(tool.name, tool.version) else {
                throw .form(
                    place: folder + "/" + name,
                    reason: "holds \(tool.name) version \(tool.version); name the file "
                        + Self.file(tool.name, tool.version))
            }
            entries.append(entry)
        }
        return entries.sorted { ($0.tool.name, $0.tool.version) < ($1.tool.name, $1.tool.version) }
    }

    /// The newest version of every tool.
    public func newest() throws(ToolError) -> [FeatureTool] {
        var newest: [String: FeatureTool] = [:]
        for tool in try tools() { newest[tool.name] = tool }
        return newest.values.sorted { $0.name < $1.name }
    }

    /// The tool, the one it was made from, and so on to the first, as far as the catalogue knows.
    public func lineage(of tool: FeatureTool) throws(ToolError) -> [FeatureTool] {
        let all = try tools()
        var line = [tool]
        var seen: Set<Digest> = [tool.hash]
        while let parent = line[line.count - 1].parent, seen.insert(parent).inserted,
            let next = all.first(where: { $0.hash == parent })
        {
            line.append(next)
        }
        return line
    }

    private func read(_ path: String) throws(ToolError) -> Entry {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
        guard let size, size <= Self.sizeLimit,
            let data = FileManager.default.contents(atPath: path)
        else {
            throw .unreadable(
                path: path, reason: "cannot be read, or has more than \(Self.sizeLimit) bytes")
        }
        let document: JSONValue
        do throws(JSONValue.Flaw) {
            document = try JSONValue(parsing: Array(data))
        } catch {
            throw .form(place: path, reason: "not JSON: \(error)")
        }
        guard let hex = document["approved"]?.string, let approved = Digest(hex: hex),
            let json = document["tool"]
        else { throw .form(place: path, reason: "an approval and a tool are expected") }
        let entry = Entry(
            tool: try FeatureTool(json, place: path), rows: document["rows"]?.string)
        let found = Self.approval(entry)
        guard found == approved else {
            throw .altered(path: path, approved: approved, found: found)
        }
        return entry
    }

    /// What an approval is of: the whole definition, and all that changes a value.
    private static func approval(_ entry: Entry) -> Digest {
        SHA256.digest(
            of: [entry.tool.json.canonicalText, entry.tool.hash.hex, entry.rows ?? ""]
                .joined(separator: "\n"))
    }

    private func path(of name: String, version: Int) -> String {
        folder + "/" + Self.file(name, version)
    }

    private static func file(_ name: String, _ version: Int) -> String { "\(name)@\(version).json" }
}
