/// Fields that any Hugging Face `config.json` may carry and that change neither activations nor
/// logits: records, training, text generation, classification heads, storage.
///
/// - Source: `PretrainedConfig` of transformers 4 and 5, and the configurations of published models.
enum HarmlessFields {
    static let common: Set<String> = records.union(generation).union(heads)

    private static let records: Set<String> = [
        "_attn_implementation", "_attn_implementation_autoset", "_commit_hash", "_name_or_path",
        "architectures", "attn_implementation", "chunk_size_feed_forward", "dtype",
        "gradient_checkpointing", "initializer_range", "is_llama_config", "name_or_path",
        "output_attentions", "output_hidden_states", "output_past", "prefix", "pretraining_tp",
        "return_dict", "task_specific_params", "tf_legacy_loss", "tokenizer_class", "torch_dtype",
        "torchscript", "transformers.js_config", "transformers_version", "unsloth_fixed",
        "unsloth_version", "use_bfloat16", "use_cache",
    ]

    private static let generation: Set<String> = [
        "bad_words_ids", "begin_suppress_tokens", "bos_token_id", "cache_implementation",
        "decoder_start_token_id", "diversity_penalty", "do_sample", "early_stopping",
        "encoder_no_repeat_ngram_size", "eos_token_id", "exponential_decay_length_penalty",
        "forced_bos_token_id", "forced_eos_token_id", "length_penalty", "max_length", "min_length",
        "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_return_sequences",
        "output_scores", "pad_token_id", "remove_invalid_values", "repetition_penalty",
        "return_dict_in_generate", "sep_token_id", "suppress_tokens", "temperature", "top_k",
        "top_p", "typical_p", "unk_token_id",
    ]

    private static let heads: Set<String> = [
        "_num_labels", "classifier_dropout", "cross_attention_hidden_size", "finetuning_task",
        "id2label", "label2id", "num_labels", "problem_type", "tie_encoder_decoder",
    ]
}
