import Digests
import Foundation
import Inquiry
import Rows
import Tools

/// What `mine` leaves: features with the tools that compute them, the weights of their score, and the
/// model card. It scores new rows.
public struct FeaturePack: Codable, Hashable, Sendable {
    /// Changes whenever the same pack would score otherwise.
    public static let format = "conjecture-pack/1"

    public var format = Self.format
    /// The columns of a row's text, or texts.
    public let text: RowSchema.TextColumns
    /// What the score speaks for, in words.
    public let target: String
    public let model: ScoreModel
    /// One for each input of the model, in its order.
    public let tools: [FeatureTool]
    /// Stand-ins for features that a language model scores, by the feature's name.
    public let standIns: [StandIn]
    /// The study that it came from.
    public let study: String

    /// A local model of what a language model said of a feature, with what it loses.
    public struct StandIn: Codable, Hashable, Sendable {
        public let feature: String
        public let model: ScoreModel
        public let tools: [FeatureTool]
        /// Rank correlation with the language model's values on the confirm rows.
        public let agreement: Double
        /// The confirm score with the stand-in in the feature's place.
        public let score: Double
    }

    public init(
        text: RowSchema.TextColumns, target: String, model: ScoreModel, tools: [FeatureTool],
        standIns: [StandIn], study: String
    ) {
        self.text = text
        self.target = target
        self.model = model
        self.tools = tools
        self.standIns = standIns
        self.study = study
    }
}

/// The folder of a pack: `pack.json`, `schema.json`, `card.md`, `tools/` with each tool in a form that
/// people read, and `hash`, over all of them.
public enum PackFolder {
    /// Writes the pack whole or not at all: into a folder beside its place, then moved there.
    ///
    /// - Returns: the pack's hash.
    /// - Throws: ``MiningError/notWritten(path:reason:)``.
    public static func write(
        _ pack: FeaturePack, card: String, to path: String
    ) throws -> Digest {
        let place = URL(fileURLWithPath: path)
        let draft = place.deletingLastPathComponent()
            .appendingPathComponent(".\(place.lastPathComponent).\(UUID().uuidString)")
        let manager = FileManager.default
        defer { try? manager.removeItem(at: draft) }
        do {
            var files = [
                "pack.json": try CanonicalJSON.encode(pack), "card.md": card,
                "schema.json": try schema(pack),
            ]
            for tool in pack.tools {
                files["tools/\(tool.name).\(tool.kind.suffix)"] = tool.reading
            }
            try manager.createDirectory(
                at: draft.appendingPathComponent("tools"), withIntermediateDirectories: true)
            for (name, text) in files {
                try Data(text.utf8).write(to: draft.appendingPathComponent(name))
            }
            let hash = Self.hash(files)
            try Data((hash.hex + "\n").utf8).write(to: draft.appendingPathComponent("hash"))
            try put(draft, at: place)
            return hash
        } catch let error as MiningError {
            throw error
        } catch {
            throw MiningError.notWritten(path: path, reason: error.localizedDescription)
        }
    }

    /// Moves a folder to its place; what was there goes only when the new one stands.
    private static func put(_ draft: URL, at place: URL) throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: place.path) else {
            return try manager.moveItem(at: draft, to: place)
        }
        guard isReplaceable(place) else {
            throw MiningError.notWritten(
                path: place.path, reason: "there is something that is no pack; it is left as it is")
        }
        let old = draft.appendingPathExtension("old")
        try manager.moveItem(at: place, to: old)
        do {
            try manager.moveItem(at: draft, to: place)
        } catch {
            try? manager.moveItem(at: old, to: place)
            throw error
        }
        try? manager.removeItem(at: old)
    }

    /// Whether a place holds a pack, or an empty folder.
    private static func isReplaceable(_ place: URL) -> Bool {
        let manager = FileManager.default
        guard let names = try? manager.contentsOfDirectory(atPath: place.path) else { return false }
        return names.isEmpty || (names.contains("pack.json") && names.contains("hash"))
    }

    /// - Throws: ``MiningError/packUnreadable(path:reason:)``, and ``MiningError/packAltered(path:)``
    ///   where a file is not the one that was written.
    public static func read(_ path: String) throws -> (pack: FeaturePack, hash: Digest) {
        let place = URL(fileURLWithPath: path)
        func text(_ name: String) throws -> String {
            do {
                return String(
                    decoding: try Data(contentsOf: place.appendingPathComponent(name)),
                    as: UTF8.self)
            } catch {
                throw MiningError.packUnreadable(
                    path: path, reason: "\(name): \(error.localizedDescription)")
            }
        }
        let body = try text("pack.json")
        let pack: FeaturePack
        do {
            pack = try CanonicalJSON.decode(FeaturePack.self, from: body)
        } catch {
            throw MiningError.packUnreadable(path: path, reason: "pack.json: \(error)")
        }
        guard pack.format == FeaturePack.format else {
            throw MiningError.packUnreadable(path: path, reason: "its format is \(pack.format)")
        }
        var files = [
            "pack.json": body, "card.md": try text("card.md"),
            "schema.json": try text("schema.json"),
        ]
        for tool in pack.tools {
            let name = "tools/\(tool.name).\(tool.kind.suffix)"
            files[name] = try text(name)
        }
        let hash = Self.hash(files)
        guard try text("hash").trimmingCharacters(in: .whitespacesAndNewlines) == hash.hex else {
            throw MiningError.packAltered(path: path)
        }
        return (pack, hash)
    }

    private static func hash(_ files: [String: String]) -> Digest {
        SHA256.digest(
            of: files.sorted { $0.key < $1.key }
                .map { "\($0.key) \(SHA256.digest(of: $0.value).hex)\n" }.joined())
    }

    /// What a row to be scored must look like, as a JSON schema.
    private static func schema(_ pack: FeaturePack) throws -> String {
        try CanonicalJSON.encode(
            RowShape(
                properties: Dictionary(
                    uniqueKeysWithValues: pack.text.names.map { ($0, RowShape.Property()) }),
                required: pack.text.names)) + "\n"
    }
}

/// The JSON schema of a row.
private struct RowShape: Encodable {
    struct Property: Encodable {
        var type = "string"
    }

    enum CodingKeys: String, CodingKey {
        case dialect = "$schema"
        case type, properties, required
    }

    var dialect = "https://json-schema.org/draft/2020-12/schema"
    var type = "object"
    let properties: [String: Property]
    let required: [String]
}
