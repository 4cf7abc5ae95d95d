import Foundation
import Inquiry
import Yams

/// A policy of what waits for people, in YAML. A kind that is not named goes on by itself.
///
///     approve:
///       hypothesis: always
///       explanation: {below-score: 0.85, share: 0.1, raters: 2, hours: 48}
///       pack: {above-cost: 20}
///     controls: {shuffled: 0.1, duplicate: 0.1}
enum ApprovalFile {
    /// For commands that take one.
    static let help = """
        What people must approve first is said in a policy, with --approvals policy.yaml:
          approve:
            hypothesis: always
            explanation: {below-score: 0.85, share: 0.1, raters: 2, hours: 48}
            tool: {above-cost: 1000}
          controls: {shuffled: 0.1, duplicate: 0.1}
        A kind (hypothesis, explanation, tool, feature, export, pack) that is not named goes on by itself; a \
        rule holds where any of always, above-cost, below-score and share (drawn by lot) does. Cost is of a \
        hypothesis the probes that it may take, of an explanation the probes spent, of a tool and a feature the \
        rows, of an export its explanations, of a pack its features. Score is of an explanation its held-out \
        balanced accuracy, of a feature its confirmed rank correlation without its sign. raters must agree; \
        what nobody answers within hours is not approved. controls are shares of planted items that bind \
        nothing and tell how well people decide.
        """

    private static let sizeLimit = 64 << 10

    /// - Throws: ``ApprovalFileError`` naming the field that cannot be used.
    static func read(_ path: String) throws -> ApprovalPolicy {
        guard let data = FileManager.default.contents(atPath: path), data.count <= sizeLimit,
            let text = String(validating: data, as: UTF8.self)
        else {
            throw ApprovalFileError.unreadable(
                path: path, reason: "it is not there, is larger than 64 KiB, or is not UTF-8")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw ApprovalFileError.unreadable(path: path, reason: "it is not YAML")
        }
        guard let node else {
            throw ApprovalFileError.unreadable(path: path, reason: "it is empty")
        }
        return try policy(ApprovalField(path: path, name: "", node: node))
    }

    private static func policy(_ root: ApprovalField) throws -> ApprovalPolicy {
        let parts = try root.fields(["approve", "controls"])
        guard let approve = parts["approve"] else {
            throw root.problem("it has no field approve; without one nothing waits")
        }
        var rules: [ApprovalKind: ApprovalPolicy.Rule] = [:]
        for (name, field) in try approve.fields(ApprovalKind.allCases.map(\.rawValue)) {
            guard let kind = ApprovalKind(rawValue: name) else { continue }
            rules[kind] = try rule(field, kind)
        }
        return ApprovalPolicy(rules: rules, controls: try parts["controls"].map(controls))
    }

    private static func rule(
        _ field: ApprovalField, _ kind: ApprovalKind
    ) throws -> ApprovalPolicy.Rule {
        if field.node.string == "always" { return ApprovalPolicy.Rule(always: true) }
        let fields = try field.fields([
            "always", "above-cost", "below-score", "share", "raters", "hours",
        ])
        var rule = ApprovalPolicy.Rule()
        rule.always = try fields["always"]?.truth() ?? false
        rule.aboveCost = try fields["above-cost"]?.number(in: 0...1e15)
        rule.belowScore = try fields["below-score"]?.number(in: 0...1)
        rule.share = try fields["share"]?.number(in: 0...1)
        rule.raters = try fields["raters"].map { Int(try $0.number(in: 1...100, whole: true)) } ?? 1
        rule.hours = try fields["hours"]?.number(in: 1e-6...1e6)
        if let score = fields["below-score"], !kind.hasScore {
            throw score.problem("\(kind.rawValue) has no score; take always, above-cost or share")
        }
        guard rule.always || rule.aboveCost != nil || rule.belowScore != nil || rule.share != nil
        else {
            throw field.problem("say when it waits: always, above-cost, below-score or share")
        }
        return rule
    }

    private static func controls(_ field: ApprovalField) throws -> ApprovalPolicy.Controls {
        let fields = try field.fields(["shuffled", "duplicate"])
        return ApprovalPolicy.Controls(
            shuffled: try fields["shuffled"]?.number(in: 0...1) ?? 0,
            duplicate: try fields["duplicate"]?.number(in: 0...1) ?? 0)
    }
}

extension ApprovalKind {
    /// Whether it is scored before people are asked.
    fileprivate var hasScore: Bool {
        switch self {
        case .explanation, .feature: true
        case .hypothesis, .tool, .export, .pack: false
        }
    }
}

/// One field of a policy, with its place for messages.
private struct ApprovalField {
    let path: String
    /// Dotted, from the root.
    let name: String
    let node: Node

    func fields(_ known: [String]) throws -> [String: ApprovalField] {
        guard let mapping = node.mapping else {
            throw problem("write fields: " + known.joined(separator: ", "))
        }
        var fields: [String: ApprovalField] = [:]
        for (key, value) in mapping {
            let word = key.string ?? "?"
            guard known.contains(word) else {
                throw ApprovalFileError.unknown(path: path, field: inner(word), known: known)
            }
            fields[word] = ApprovalField(path: path, name: inner(word), node: value)
        }
        return fields
    }

    func truth() throws -> Bool {
        guard let value = node.bool else { throw problem("write true or false") }
        return value
    }

    func number(in range: ClosedRange<Double>, whole: Bool = false) throws -> Double {
        guard let value = node.float ?? node.int.map(Double.init), range.contains(value),
            !whole || value == value.rounded()
        else {
            throw problem(
                "write a \(whole ? "whole " : "")number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return value
    }

    func problem(_ reason: String) -> ApprovalFileError {
        .bad(path: path, field: name, reason: reason)
    }

    private func inner(_ word: String) -> String { name.isEmpty ? word : "\(name).\(word)" }
}

enum ApprovalFileError: Error, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case unknown(path: String, field: String, known: [String])
    case bad(path: String, field: String, reason: String)

    var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason); give a policy in YAML"
        case .unknown(let path, let field, let known):
            "\(path): \(field): there is no such field here; known are "
                + known.joined(separator: ", ")
        case .bad(let path, let field, let reason):
            "\(path): \(field.isEmpty ? "" : field + ": ")\(reason)"
        }
    }
}
