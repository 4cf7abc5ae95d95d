import JSON

/// Reads which layers see only a sliding window, and which rotary embedding each uses.
struct LayerFields {
    let fields: ConfigurationFields
    let family: TransformerConfiguration.Family

    func layers(_ count: Int) throws(SubjectError) -> [TransformerConfiguration.Layer] {
        let slides = try slidingLayers(count)
        let window = slides.contains(true) ? try fields.size("sliding_window") : nil
        return slides.map { isSliding in
            TransformerConfiguration.Layer(
                window: isSliding ? window : nil,
                rotary: family == .gemma3 && isSliding ? 1 : 0)
        }
    }

    private func slidingLayers(_ count: Int) throws(SubjectError) -> [Bool] {
        let usual = try usual(count)
        guard let types = try fields.texts("layer_types") else { return usual }
        var result: [Bool] = []
        for type in types {
            switch type {
            case "sliding_attention": result.append(true)
            case "full_attention": result.append(false)
            default:
                throw fields.unsupported(
                    "layer_types", "only sliding_attention and full_attention are computed")
            }
        }
        guard result.count == count else {
            throw fields.invalid("layer_types", "\(count) types, as num_hidden_layers says")
        }
        if family == .qwen2 || family == .qwen3, result.contains(true),
            try !fields.flag("use_sliding_window", default: false)
        {
            throw fields.invalid("layer_types", "full_attention, as use_sliding_window is false")
        }
        return result
    }

    /// What the family does where no types are listed.
    private func usual(_ count: Int) throws(SubjectError) -> [Bool] {
        let all = [Bool](repeating: false, count: count)
        switch family {
        case .gpt2, .gptNeoX, .llama: return all
        case .mistral: return all.map { _ in fields.present("sliding_window") != nil }
        case .qwen2, .qwen3:
            guard try fields.flag("use_sliding_window", default: false),
                fields.present("sliding_window") != nil
            else { return all }
            guard case .integer(let full) = fields.present("max_window_layers"), full >= 0 else {
                throw fields.invalid("max_window_layers", "a whole number of at least 0")
            }
            return (0..<count).map { $0 >= full }
        case .gemma2: return (0..<count).map { $0 % 2 == 0 }
        case .gemma3:
            let pattern = try fields.optionalSize("sliding_window_pattern")
            let other = try fields.optionalSize("_sliding_window_pattern")
            if let pattern, let other, pattern != other {
                throw fields.invalid("sliding_window_pattern", "\(other), as the private field")
            }
            let period = pattern ?? other ?? 6
            return (0..<count).map { ($0 + 1) % period != 0 }
        }
    }
}
