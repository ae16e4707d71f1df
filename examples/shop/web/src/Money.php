<?php

declare(strict_types=1);

namespace Shop;

use InvalidArgumentException;

/** An amount in euro cents. */
final class Money
{
    private function __construct(public readonly int $cents)
    {
    }

    public static function cents(int $cents): self
    {
        return new self($cents);
    }

    /** Reads what a customer types: `12`, `12.3`, `12,34 €`. */
    public static function parse(string $text): self
    {
        if (preg_match('/^\s*(\d{1,7})(?:[.,](\d{1,2}))?\s*(?:€)?\s*$/u', $text, $parts) !== 1) {
            throw new InvalidArgumentException(sprintf('"%s" is not an amount', $text));
        }

        return new self((int) $parts[1] * 100 + (int) str_pad($parts[2] ?? '', 2, '0'));
    }

    public function plus(self $other): self
    {
        return new self($this->cents + $other->cents);
    }

    public function times(int $factor): self
    {
        return new self($this->cents * $factor);
    }

    /** The given share in percent, rounded half up. */
    public function percent(int $percent): self
    {
        return new self(intdiv($this->cents * $percent * 2 + 100, 200));
    }

    public function __toString(): string
    {
        return sprintf('%s%d.%02d €', $this->cents < 0 ? '-' : '', intdiv(abs($this->cents), 100), abs($this->cents) % 100);
    }
}
