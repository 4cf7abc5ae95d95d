import Foundation
import JSON

/// Reads other tools' files within bounds; whatever is wrong names the file and the place.
enum ImportFile {
    /// The most bytes of a file.
    static let limit = 64 << 20

    static func json(_ path: String) throws(InstrumentError) -> JSONValue {
        try json(bytes(path), path)
    }

    static func json(
        _ bytes: [UInt8], _ path: String, place: String = ""
    ) throws(InstrumentError) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .badFile(path: path, place: place, reason: "is not JSON: it \(error)")
        }
    }

    static func bytes(_ path: String) throws(InstrumentError) -> [UInt8] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? Int,
            attributes?[.type] as? FileAttributeType != .typeDirectory, size <= limit,
            let data = FileManager.default.contents(atPath: path)
        else {
            throw .badFile(
                path: path, place: "",
                reason: "is not there, is no file, or has more than \(limit) bytes")
        }
        return Array(data)
    }

    static func list(
        _ value: JSONValue?, _ path: String, _ place: String, limit: Int
    ) throws(InstrumentError) -> [JSONValue] {
        guard let list = value?.array, list.count <= limit else {
            throw .badFile(path: path, place: place, reason: "must be a list of at most \(limit)")
        }
        return list
    }

    static func text(
        _ value: JSONValue?, _ path: String, _ place: String
    ) throws(InstrumentError) -> String {
        guard let text = value?.string, text.utf8.count <= FeatureFields.textLimit else {
            throw .badFile(
                path: path, place: place,
                reason: "must be a text of at most \(FeatureFields.textLimit) bytes")
        }
        return text
    }

    /// Names in a folder with one of these endings, sorted.
    static func names(_ folder: String, ending: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(ending) }.sorted()
    }
}
