<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class MailTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Mail', ucfirst(strtolower('Mail')));
    }
}
