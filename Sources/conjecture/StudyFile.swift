import ArgumentParser
import Foundation
import Yams

/// A study in a file: YAML whose fields are the options of `conjecture explain` or `mine` by their long
/// names, and `subject` or `rows` for the argument. A list gives an option several times.
///
///     subject: models/pythia-70m
///     sae: saes/layer-3
///     corpus: [corpus.jsonl]
///     features: 3,17,40-59
///     model: openai:gpt-5
///     price: 1.25/10
///     budget: 20USD
///     hours: 8
struct StudyFile {
    /// What stands before the options.
    private let argument: [String]
    /// By name, with what follows it.
    private let options: [(name: String, words: [String])]

    /// What the file and the command line say together, as `explain` takes it: an option of the command
    /// line takes the place of the file's, and so does a choice of latents that of another.
    func arguments(with own: [String]) -> [String] {
        var given = Set(
            own.filter { $0.hasPrefix("--") }
                .map { String($0.dropFirst(2).prefix { $0 != "=" }) })
        if !given.isDisjoint(with: Self.choices) { given.formUnion(Self.choices) }
        return argument
            + options.filter { !given.contains($0.name) }.flatMap(Self.words)
            + own
    }

    /// A flag has no words; each word of an option stands behind its name.
    private static func words(_ option: (name: String, words: [String])) -> [String] {
        let name = "--" + option.name
        return option.words.isEmpty ? [name] : option.words.flatMap { [name, $0] }
    }

    /// Options that say which latents.
    private static let choices: Set<String> = ["features", "random", "all"]

    private static let sizeLimit = 64 << 10

    /// The words on the command line after the command's name, but for the file's own.
    static func words(after command: String?, but path: String) -> [String] {
        CommandLine.arguments.drop { $0 != command }.dropFirst().filter { $0 != path }
    }

    static func isOne(_ path: String) -> Bool {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    }

    /// - Parameter argument: the name of the field that is no option.
    /// - Throws: ``StudyFileError``; an option that there is none of is refused when ``arguments(with:)``
    ///   are parsed.
    init(path: String, argument: String) throws {
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.sizeLimit,
            let text = String(validating: data, as: UTF8.self)
        else {
            throw StudyFileError.unreadable(
                path: path, reason: "it is not there, is larger than 64 KiB, or is not UTF-8")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw StudyFileError.unreadable(path: path, reason: "it is not YAML")
        }
        guard let mapping = node?.mapping, !mapping.isEmpty else {
            throw StudyFileError.unreadable(path: path, reason: "it has no fields")
        }
        var before: [String] = []
        var options: [(name: String, words: [String])] = []
        for (key, value) in mapping {
            guard let name = key.string, name.allSatisfy({ $0.isLetter || $0 == "-" }) else {
                throw StudyFileError.badField(path: path, field: key.string ?? "?")
            }
            guard let words = Self.words(value) else {
                throw StudyFileError.badField(path: path, field: name)
            }
            switch (name, value.bool) {
            case (argument, _): before = words
            case (_, true?): options.append((name, []))
            case (_, false?): break
            default: options.append((name, words))
            }
        }
        self.argument = before
        self.options = options
    }

    private static func words(_ node: Node) -> [String]? {
        switch node {
        case .scalar(let scalar): [scalar.string]
        case .sequence(let sequence):
            sequence.allSatisfy { $0.scalar != nil } ? sequence.compactMap(\.scalar?.string) : nil
        default: nil
        }
    }
}

enum StudyFileError: Error, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case badField(path: String, field: String)

    var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason); give a study's file in YAML"
        case .badField(let path, let field):
            "\(path): \(field): write an option of the command by its long name, with a value, a list or true"
        }
    }
}
