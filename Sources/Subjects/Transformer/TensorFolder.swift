import Foundation
import JSON
import LinearAlgebra

/// The tensors of a Hugging Face folder: one `model.safetensors`, or shards named by
/// `model.safetensors.index.json`, all mapped.
struct TensorFolder: Sendable {
    /// What messages call the place of absent tensors.
    let path: String
    private let shards: [Safetensors]
    private let places: [String: Int]

    var names: Dictionary<String, Int>.Keys { places.keys }

    init(folder: String) throws(SubjectError) {
        let single = folder + "/model.safetensors"
        let index = single + ".index.json"
        let hasIndex = FileManager.default.fileExists(atPath: index)
        guard hasIndex else {
            path = single
            let file = try Safetensors(path: single)
            shards = [file]
            places = Dictionary(file.entries.map { ($0.name, 0) }) { first, _ in first }
            return
        }
        guard !FileManager.default.fileExists(atPath: single) else {
            throw .malformedFile(
                path: folder, place: "the folder",
                reason: "has both model.safetensors and its index; remove the one that is old")
        }
        path = index
        (shards, places) = try Self.shards(index: index, folder: folder)
    }

    private static func shards(
        index: String, folder: String
    ) throws(SubjectError) -> ([Safetensors], [String: Int]) {
        let fields = try ConfigurationFields(path: index)
        try fields.refuseOthers(than: ["metadata", "weight_map"])
        let map = try fields.nested("weight_map")
        var shards: [Safetensors] = []
        var numbers: [String: Int] = [:]
        var places: [String: Int] = [:]
        for member in map.members {
            // Not looked up by its name, as that would search the whole map for every tensor.
            guard case .string(let name) = member.value else {
                throw map.invalid(member.name, "the name of a safetensors file beside it")
            }
            if numbers[name] == nil {
                // A name with a slash would reach out of the folder.
                guard name.hasSuffix(".safetensors"), !name.contains("/"), !name.contains("\0")
                else { throw map.invalid(member.name, "the name of a safetensors file beside it") }
                numbers[name] = shards.count
                shards.append(try Safetensors(path: "\(folder)/\(name)"))
            }
            guard let number = numbers[name], shards[number].entry(member.name) != nil else {
                throw map.invalid(member.name, "the shard that holds the tensor")
            }
            places[member.name] = number
        }
        guard !shards.isEmpty else { throw fields.invalid("weight_map", "an object of tensors") }
        for (number, shard) in shards.enumerated() {
            for entry in shard.entries where places[entry.name] != number {
                throw .unknownTensor(path: shard.path, tensor: entry.name)
            }
        }
        return (shards, places)
    }

    func contains(_ name: String) -> Bool { places[name] != nil }

    /// As ``Safetensors/tensor(_:shape:)``.
    func tensor(_ name: String, shape: [Int]) throws(SubjectError) -> MappedTensor {
        guard let place = places[name] else {
            throw .missingTensor(path: path, tensor: name, shape: shape)
        }
        return try shards[place].tensor(name, shape: shape)
    }
}

/// Finds tensors and keeps account of them, so that one nobody reads is refused.
struct TensorReader {
    let folder: TensorFolder
    private(set) var used: Set<String> = []

    init(_ folder: TensorFolder) { self.folder = folder }

    mutating func tensor(_ name: String, _ shape: Int...) throws(SubjectError) -> MappedTensor {
        used.insert(name)
        return try folder.tensor(name, shape: shape)
    }

    mutating func floats(_ name: String, _ shape: Int...) throws(SubjectError) -> [Float] {
        used.insert(name)
        return try folder.tensor(name, shape: shape).floats()
    }

    /// Several maps of one input side by side.
    mutating func plan(
        _ names: [String], _ inputs: Int, _ outputs: [Int], bias: Bool,
        layout: LinearPlan.Layout = .rows
    ) throws(SubjectError) -> LinearPlan {
        var weights: [MappedTensor] = []
        var biases: [MappedTensor] = []
        for (name, count) in zip(names, outputs) {
            weights.append(
                layout == .rows
                    ? try tensor("\(name).weight", count, inputs)
                    : try tensor("\(name).weight", inputs, count))
            if bias { biases.append(try tensor("\(name).bias", count)) }
        }
        return LinearPlan(weights: weights, biases: biases, inputs: inputs, layout: layout)
    }

    /// Marks a tensor as one that may be there and has no effect.
    mutating func ignore(_ name: String) { used.insert(name) }

    func refuseOthers() throws(SubjectError) {
        // The least name, so that the message is the same every time.
        if let other = folder.names.filter({ !used.contains($0) }).min() {
            throw .unknownTensor(path: folder.path, tensor: other)
        }
    }
}
