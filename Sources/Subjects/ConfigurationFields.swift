import Foundation
import JSON

/// The fields of a JSON configuration file, read strictly by name.
struct ConfigurationFields {
    let path: String
    /// Where in the file, "" for the top or "metadata.".
    let prefix: String
    let members: [JSONValue.Member]

    /// Reads and parses a file whose top is an object.
    init(path: String) throws(SubjectError) {
        let file = try MappedFile(path: path)
        let document: JSONValue
        do {
            document = try JSONValue(parsing: file.bytes)
        } catch {
            throw .malformedFile(
                path: path, place: "the JSON", reason: "at byte \(error.offset) \(error.reason)")
        }
        guard case .object(let members) = document else {
            throw .malformedFile(path: path, place: "the JSON", reason: "is not an object")
        }
        self.init(path: path, prefix: "", members: members)
    }

    private init(path: String, prefix: String, members: [JSONValue.Member]) {
        self.path = path
        self.prefix = prefix
        self.members = members
    }

    subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    /// The value, unless the field is absent or null.
    func present(_ name: String) -> JSONValue? { self[name] == .null ? nil : self[name] }

    func refuseOthers(than known: Set<String>) throws(SubjectError) {
        for member in members where !known.contains(member.name) {
            throw .unknownField(path: path, field: prefix + member.name)
        }
    }

    func invalid(_ name: String, _ expected: String) -> SubjectError {
        guard let value = present(name) else {
            return .missingField(path: path, field: prefix + name, expected: expected)
        }
        return .invalidField(
            path: path, field: prefix + name, found: value.summary, expected: expected)
    }

    func unsupported(_ name: String, _ reason: String) -> SubjectError {
        .unsupportedField(
            path: path, field: prefix + name, found: self[name]?.summary ?? "absent",
            reason: reason)
    }

    /// A whole number above 0.
    func size(_ name: String) throws(SubjectError) -> Int {
        guard case .integer(let value) = present(name), value > 0, value <= 1 << 32 else {
            throw invalid(name, "a whole number above 0")
        }
        return value
    }

    /// As ``size(_:)``, or nil if absent or null.
    func optionalSize(_ name: String) throws(SubjectError) -> Int? {
        present(name) == nil ? nil : try size(name)
    }

    func text(_ name: String) throws(SubjectError) -> String {
        guard case .string(let value) = present(name) else { throw invalid(name, "a text") }
        return value
    }

    func optionalText(_ name: String) throws(SubjectError) -> String? {
        present(name) == nil ? nil : try text(name)
    }

    func flag(_ name: String, default standard: Bool) throws(SubjectError) -> Bool {
        guard let value = present(name) else { return standard }
        guard case .bool(let flag) = value else { throw invalid(name, "true or false") }
        return flag
    }

    /// A number above 0.
    func positive(_ name: String, default standard: Double) throws(SubjectError) -> Double {
        switch present(name) {
        case nil: return standard
        case .number(let value) where value > 0: return value
        case .integer(let value) where value > 0: return Double(value)
        default: throw invalid(name, "a number above 0")
        }
    }

    /// The fields of an object within, or nil if it is absent.
    func optionalNested(_ name: String) throws(SubjectError) -> ConfigurationFields? {
        present(name) == nil ? nil : try nested(name)
    }

    /// The fields of an object within, or none if it is absent.
    func nested(_ name: String) throws(SubjectError) -> ConfigurationFields {
        guard let value = present(name) else {
            return ConfigurationFields(path: path, prefix: "\(prefix)\(name).", members: [])
        }
        guard case .object(let members) = value else { throw invalid(name, "an object") }
        return ConfigurationFields(path: path, prefix: "\(prefix)\(name).", members: members)
    }
}
