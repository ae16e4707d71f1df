<?php // longer than the other one
