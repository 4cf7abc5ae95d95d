/// What a pickle holds, as far as it is read: plain scalars, containers, and references to tensors.
///
/// A container is its number among ``Pickle/containers``, so that cycles, sharing and nesting of any
/// depth cost nothing.
enum PickleValue: Hashable {
    case none
    case bool(Bool)
    case integer(Int)
    /// A whole number beyond 64 bits, of which nothing is kept.
    case largeInteger
    case number(Double)
    case text(String)
    case container(Int)
    case global(PickleGlobal)
    // Apart, so that all other values stay small: a pickle's byte can ask for one.
    indirect case storage(Storage)
    indirect case tensor(Tensor)

    /// Bytes that hold a tensor's elements.
    struct Storage: Hashable {
        let type: TorchElement
        /// The storage's name in the file.
        let key: String
        /// How many elements it has.
        let count: Int
    }

    /// A view of a storage; offset and strides count elements.
    struct Tensor: Hashable {
        let storage: Storage
        let offset: Int
        let shape: [Int]
        let strides: [Int]
    }
}

/// The names that a pickle may import. Any other one could run code and is refused.
enum PickleGlobal: Hashable {
    case orderedDictionary
    case rebuildTensor
    case storageType(TorchElement)

    init?(_ name: String) {
        switch name {
        case "collections.OrderedDict": self = .orderedDictionary
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        default:
            guard name.hasPrefix("torch."), name.hasSuffix("Storage"),
                let type = TorchElement(rawValue: String(name.dropFirst(6).dropLast(7)))
            else { return nil }
            self = .storageType(type)
        }
    }
}

/// The types of elements, by the names of torch's storage classes.
enum TorchElement: String, Hashable {
    case float = "Float"
    case double = "Double"
    case half = "Half"
    case bfloat16 = "BFloat16"
    case long = "Long"
    case int = "Int"
    case short = "Short"
    case char = "Char"
    case byte = "Byte"
    case bool = "Bool"

    /// Bytes per element.
    var size: Int {
        switch self {
        case .double, .long: 8
        case .float, .int: 4
        case .half, .bfloat16, .short: 2
        case .char, .byte, .bool: 1
        }
    }
}

/// A pickle that was read to its end.
struct Pickle {
    /// The kinds of containers.
    enum Kind: Hashable {
        case tuple, list, dictionary, orderedDictionary
    }

    struct Container {
        let kind: Kind
        /// The elements, or in a dictionary keys and values in turn.
        var items: [PickleValue] = []
    }

    var containers: [Container] = []
    var root = PickleValue.none

    /// The elements of a tuple or list.
    func elements(_ value: PickleValue) -> [PickleValue]? {
        guard case .container(let index) = value, [.tuple, .list].contains(containers[index].kind)
        else { return nil }
        return containers[index].items
    }

    func isDictionary(_ value: PickleValue) -> Bool {
        guard case .container(let index) = value else { return false }
        return [.dictionary, .orderedDictionary].contains(containers[index].kind)
    }

    /// The members of a dictionary whose keys are texts; nil for anything else.
    func members(_ value: PickleValue) -> [(name: String, value: PickleValue)]? {
        guard case .container(let index) = value, isDictionary(value) else { return nil }
        let items = containers[index].items
        var result: [(String, PickleValue)] = []
        for i in stride(from: 0, to: items.count - 1, by: 2) {
            guard case .text(let name) = items[i] else { return nil }
            result.append((name, items[i + 1]))
        }
        return result
    }
}
