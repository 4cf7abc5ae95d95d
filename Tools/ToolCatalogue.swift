import Digests
import Foundation
import JSON

/// A folder of approved tools, one file for each version: `share-of-hedges@2.json`.
///
/// A file holds the definition and the digest it was approved with, and is never written over. A
/// file that was changed since is refused: approval is of a content.
public struct ToolCatalogue: Sendable {
    public let folder: String

    static let sizeLimit = 512 << 10

    /// - Parameter folder: made when the first tool is added.
    public init(folder: String) {
        self.folder = folder
    }

    /// Adds an approved tool. Adding the same definition again changes nothing.
    ///
    /// - Throws: ``ToolError/taken(name:version:path:)`` when another recipe has its name and
    ///   version, ``ToolError/altered(path:approved:found:)`` or
    ///   ``ToolError/unreadable(path:reason:)``.
    public func add(_ tool: FeatureTool) throws(ToolError) {
        let path = path(of: tool.name, version: tool.version)
        if FileManager.default.fileExists(atPath: path) {
            guard try read(path) == tool else {
                throw .taken(name: tool.name, version: tool.version, path: path)
            }
            return
        }
        let document: JSONValue = [
            "approved": .string(Self.approval(tool).hex), "tool": tool.json,
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

    /// Every version of every tool, by name and version. A folder that is not there is empty.
    ///
    /// - Throws: ``ToolError`` for the first file that is unreadable, no tool, or altered.
    public func tools() throws(ToolError) -> [FeatureTool] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return []
        }
        var tools: [FeatureTool] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let tool = try read(folder + "/" + name)
            guard name == Self.file(tool.name, tool.version) else {
                throw .form(
                    place: folder + "/" + name,
                    reason: "holds \(tool.name) version \(tool.version); name the file "
                        + Self.file(tool.name, tool.version))
            }
            tools.append(tool)
        }
        return tools.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
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

    private func read(_ path: String) throws(ToolError) -> FeatureTool {
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
        let tool = try FeatureTool(json, place: path)
        let found = Self.approval(tool)
        guard found == approved else {
            throw .altered(path: path, approved: approved, found: found)
        }
        return tool
    }

    /// What an approval is of: the whole definition, and all that changes a value.
    private static func approval(_ tool: FeatureTool) -> Digest {
        SHA256.digest(of: tool.json.canonicalText + "\n" + tool.hash.hex)
    }

    private func path(of name: String, version: Int) -> String {
        folder + "/" + Self.file(name, version)
    }

    private static func file(_ name: String, _ version: Int) -> String { "\(name)@\(version).json" }
}
