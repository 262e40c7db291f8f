#!/usr/bin/env bash
# serve_vllm.sh VENV MODEL PORT: one vLLM on the loopback and the CPU, in the foreground.
# With a pipe as its stdin it ends when that does, so that it never outlives who started it.
set -euo pipefail
venv=$1 model=$2 port=$3

# One thread: on few cores two of them wait for each other. The key-value cache gets its size from
# the flag below, and VLLM_CPU_KVCACHE_SPACE would win over that.
unset VLLM_CPU_KVCACHE_SPACE
export OMP_NUM_THREADS=1 VLLM_CPU_OMP_THREADS_BIND=nobind
export HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1
export PATH=$venv/bin:$PATH

if [ -p /dev/stdin ] || [ -S /dev/stdin ]; then
  exec 3<&0
  (
    trap '' TERM # It goes to the whole group, and whoever is still starting does not hear it.
    cat <&3 >/dev/null
    kill -TERM -- -$$
    sleep 10
    kill -KILL -- -$$
  ) &
  exec 3<&- </dev/null
fi

# Block sizes are multiples of 32, and shorter prompts are never cached. Prompts are not chunked: on
# the CPU, a chunked prompt of a request with a seed ends the engine (0.32.0).
exec "$venv/bin/vllm" serve "$model" --host 127.0.0.1 --port "$port" --served-model-name tiny \
  --max-model-len 8192 --max-num-seqs 16 --block-size 32 --kv-cache-memory-bytes 67108864 \
  --no-enable-chunked-prefill --max-num-batched-tokens 8192 --dtype bfloat16 --enforce-eager \
  --reasoning-parser qwen3 --enable-prompt-tokens-details
